import type { ClusterState } from '../state/cluster-state.ts'
import type { PlacedPod } from '../state/placed-pod.ts'
import type { PodTraits } from '../state/pod-traits.ts'

/** Why a node does not suit. */
export type Unsuited = {
  readonly reasons: readonly string[]
  /** It stays whatever pods leave the node. */
  readonly isLasting: boolean
}

/** A node as it would be if some of its pods were gone; to be disposed of. */
export type WithoutPods = Disposable & {
  /** The pod is thought away. */
  leave(pod: PlacedPod): void
  /** The pod is there again. */
  stay(pod: PlacedPod): void
  /** Why the node does not suit as it is now. */
  readonly rejection: Unsuited | undefined
}

/** A pod that no node suits, and what is known of it. */
export type Unplaced = {
  readonly uid: string
  readonly traits: PodTraits
  readonly cluster: ClusterState
  /** The same for pods that are as this one is, for as long as what was worked out for them holds. */
  readonly likes: object
  /** Whether such pods look at pods of other nodes. */
  readonly looksAround: boolean
  /** How many nodes might suit if pods left them. */
  readonly resolvableCount: number
  /** What keeps it off a node; undefined where nothing is known of that node. */
  rejectionAt(slot: number): Unsuited | undefined
  /** Thinks pods of a node away, one node at a time. */
  trialAt(slot: number): WithoutPods
}
