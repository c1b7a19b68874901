import type { Nomination } from '@reckon/domain'
import type { Node } from '@reckon/kubernetes'
import type { Counting } from './placing/counting.ts'
import type { Group } from './placing/group.ts'
import type { Leaving } from './preempting/leaving.ts'
import type { Unplaced } from './preempting/unplaced.ts'
import type { ClusterState } from './state/cluster-state.ts'
import type { LoadWants, NodeWants, PodTraits } from './state/pod-traits.ts'

/** The extension points of a plugin. */
export type ExtensionPoint = 'filter' | 'postFilter' | 'score'

/** Reasons that stay whatever pods leave the node: kube-scheduler's UnschedulableAndUnresolvable. */
export type Lasting = { readonly lasting: readonly string[] }

/** Why a pod cannot run on a node, one reason or several, in kube-scheduler's words; undefined where it can. */
export type Reasons = string | readonly string[] | Lasting | undefined

/** The events after which a pod may fit where it did not. */
export type ClusterEvent =
  | 'NodeChanged'
  | 'PodEnded'
  /** A pod that used claims is over: they are free on every node. */
  | 'ClaimsFreed'
  | 'PodPlaced'
  | 'PodChanged'
  | 'NamespaceChanged'
  | 'StorageChanged'

type Named = {
  readonly name: string
  readonly points: readonly ExtensionPoint[]
  /** What besides changed Nodes may take back a rejection by this plugin: such a pod is then tried again. */
  readonly helpedBy?: readonly ClusterEvent[]
}

/** One that goes by pods has to say which events help; one that only scores says none. */
type NamedByPods = Named & Required<Pick<Named, 'helpedBy'>>

/**
 * Judges nodes by their Node objects alone, and is asked again only about those that change. `prepare` looks at the pod
 * once; undefined where the plugin has nothing to say about it.
 */
export type NodePlugin = Named & {
  readonly judges: 'node'
  prepare(wants: NodeWants, cluster: ClusterState): NodeRule | undefined
}

export type NodeRule = {
  filter?(node: Node): string | undefined
  /** On any scale that `normalize` brings to 0 to 100; nodes with the same raw scores are one group. */
  score?(node: Node, slot: number): number
  /** Brings the raw scores of all groups of feasible nodes to 0 to 100. */
  normalize?(scores: readonly number[]): readonly number[]
}

/**
 * Judges a node by what it has and how much of that its pods take: amounts of resources, places for pods and host ports.
 * Nodes where all of that is equal come out alike, and only one of them is asked about.
 */
export type LoadPlugin = NamedByPods & {
  readonly judges: 'load'
  prepare(wants: LoadWants, cluster: ClusterState): LoadRule | undefined
}

export type LoadRule = {
  /** With pods that are thought away, if some are. */
  filter?(slot: number, leaving?: Leaving): Reasons
  /** 0 to 100, whole. */
  score?(slot: number): number
}

/**
 * Judges by pods that stand elsewhere in a node's domains (its zone, its rack, itself): it names in `prepare` what is
 * to be counted, and judges whole groups of nodes with equal counts.
 */
export type TopologyPlugin = NamedByPods & {
  readonly judges: 'topology'
  prepare(pod: PodTraits, counting: Counting): TopologyRule | undefined
}

export type TopologyRule = {
  filter?(group: Group): string | Lasting | undefined
  /** 0 to 100 for each of the groups that suit. */
  score?(groups: readonly Group[]): readonly number[]
}

/** Is asked about a pod that no node suits: whether one is kept for it, at the cost of others. */
export type PostFilterPlugin = Named & {
  readonly judges: 'unplaced'
  preempt(unplaced: Unplaced): Preemption
}

/** A node that is kept for the pod, or why there is none. */
export type Preemption =
  | { readonly nomination: Nomination }
  | {
      readonly refusal: string
      /** Whether the node that was kept for it before stays so. */
      readonly keepsNomination: boolean
    }

/**
 * One rule of scheduling. Pure: the same pod and cluster always give the same answer, so that a decision can be
 * recomputed. Names and messages are kube-scheduler's.
 */
export type Plugin = NodePlugin | LoadPlugin | TopologyPlugin | PostFilterPlugin

/** A plugin in a policy; its score counts `weight` times. */
export type WeightedPlugin = { readonly plugin: Plugin; readonly weight: number }

/** Which plugins decide, in which order and with which weight. A recorded decision names its policy. */
export type Policy = { readonly name: string; readonly plugins: readonly WeightedPlugin[] }

/** The largest score. */
export const scoreMax = 100

/** Scores relative to the best one: that one gets 100. */
export const relativeToBest = (scores: readonly number[]): readonly number[] => {
  const best = scores.reduce((a, b) => Math.max(a, b), 0)
  return scores.map((score) => (best === 0 ? 0 : Math.floor((score * scoreMax) / best)))
}
