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

/** Reasons that no eviction removes: kube-scheduler's UnschedulableAndUnresolvable. */
export type Lasting = { readonly lasting: readonly string[] }

/** Why a pod cannot run on a node, one reason or several, in kube-scheduler's words; undefined where it can. */
export type Reasons = string | readonly string[] | Lasting | undefined

/** The events after which a pod may fit where it did not. */
export type ClusterEvent =
  | 'NodeChanged'
  | 'PodEnded'
  /** A pod that used claims has ended: they are free on every node. */
  | 'ClaimsFreed'
  | 'PodPlaced'
  | 'PodChanged'
  | 'NamespaceChanged'
  | 'StorageChanged'

type Named = {
  readonly name: string
  readonly points: readonly ExtensionPoint[]
  /** The events, besides changes of Nodes, after which a pod rejected by this plugin is tried again. */
  readonly helpedBy?: readonly ClusterEvent[]
}

/** A plugin that depends on pods must name the events that help; one that only scores names none. */
type NamedByPods = Named & Required<Pick<Named, 'helpedBy'>>

/**
 * Judges nodes by their Node objects alone, and is called again only for those that change. `prepare` looks at the pod
 * once, and returns undefined where the plugin does not concern it.
 */
export type NodePlugin = Named & {
  readonly judges: 'node'
  prepare(wants: NodeWants, cluster: ClusterState): NodeRule | undefined
}

export type NodeRule = {
  filter?(node: Node): string | undefined
  /** On any scale that `normalize` maps to 0 to 100; nodes with equal raw scores form one group. */
  score?(node: Node, slot: number): number
  /** Maps the raw scores of all groups of feasible nodes to 0 to 100. */
  normalize?(scores: readonly number[]): readonly number[]
}

/**
 * Judges a node by its load: what it has, and how much of that its pods request (resources, numbers of pods, host
 * ports). Nodes with equal loads get the same verdict, so the plugin is called for only one of them.
 */
export type LoadPlugin = NamedByPods & {
  readonly judges: 'load'
  prepare(wants: LoadWants, cluster: ClusterState): LoadRule | undefined
}

export type LoadRule = {
  /** `leaving`: pods of the node that are assumed to be gone. */
  filter?(slot: number, leaving?: Leaving): Reasons
  /** 0 to 100, whole. */
  score?(slot: number): number
}

/**
 * Judges a node by the pods in its topology domains (its zone, its rack, the node itself). `prepare` says which pods to
 * count; the rule then judges groups of nodes with equal counts.
 */
export type TopologyPlugin = NamedByPods & {
  readonly judges: 'topology'
  prepare(pod: PodTraits, counting: Counting): TopologyRule | undefined
}

export type TopologyRule = {
  filter?(group: Group): string | Lasting | undefined
  /** 0 to 100 for each group of feasible nodes. */
  score?(groups: readonly Group[]): readonly number[]
}

/** Called for a pod that fits no node: may nominate a node from which other pods are evicted for it. */
export type PostFilterPlugin = Named & {
  readonly judges: 'unplaced'
  preempt(unplaced: Unplaced): Preemption
}

/** The nominated node, or why there is none. */
export type Preemption =
  | { readonly nomination: Nomination }
  | {
      readonly refusal: string
      /** Whether the pod's earlier nomination remains. */
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
