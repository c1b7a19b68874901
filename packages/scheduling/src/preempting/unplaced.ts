import type { ClusterState } from '../state/cluster-state.ts'
import type { PlacedPod } from '../state/placed-pod.ts'
import type { PodTraits } from '../state/pod-traits.ts'

/** Why a node does not fit. */
export type Unsuited = {
  readonly reasons: readonly string[]
  /** Whether no eviction from the node removes it. */
  readonly isLasting: boolean
}

/** A node as it would be if some of its pods were gone; must be disposed of. */
export type WithoutPods = Disposable & {
  /** Assumes that the pod is gone. */
  leave(pod: PlacedPod): void
  /** Assumes that the pod is there again. */
  stay(pod: PlacedPod): void
  /** Why the node does not fit in the present state. */
  readonly rejection: Unsuited | undefined
}

/** A pod that fits no node, and what is known about it. */
export type Unplaced = {
  readonly uid: string
  readonly traits: PodTraits
  readonly cluster: ClusterState
  /** The same object for pods with equal traits, as long as the results computed for them are valid. */
  readonly likes: object
  /** Whether such pods depend on pods of other nodes. */
  readonly looksAround: boolean
  /** How many nodes might fit after evictions. */
  readonly resolvableCount: number
  /** Why it does not fit a node; undefined where nothing is known about that node. */
  rejectionAt(slot: number): Unsuited | undefined
  /** Begins a trial in which pods of a node are assumed to be gone, one node at a time. */
  trialAt(slot: number): WithoutPods
}
