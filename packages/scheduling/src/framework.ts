import type { Pod } from '@reckon/kubernetes'
import type { ClusterState, NodeState } from './cluster-state.ts'

/**
 * One rule of scheduling. Pure: the same pod, node and cluster always give the same answer, so that a decision can
 * be recomputed. Names and messages are kube-scheduler's.
 */
export type Plugin = {
  readonly name: string
  /** Why the pod cannot run on the node, one reason or several; undefined where it can. */
  filter?(pod: Pod, node: NodeState, cluster: ClusterState): string | readonly string[] | undefined
  /** How well the node suits the pod: 0 to 100, or any scale that `normalize` brings there. */
  score?(pod: Pod, node: NodeState, cluster: ClusterState): number
  /** Brings the raw scores of all feasible nodes to 0 to 100. */
  normalize?(scores: readonly number[]): readonly number[]
}

/** A plugin in a policy; its score counts `weight` times. */
export type WeightedPlugin = { readonly plugin: Plugin; readonly weight: number }

/** Which plugins decide, in which order and with which weight. A recorded decision names its policy. */
export type Policy = { readonly name: string; readonly plugins: readonly WeightedPlugin[] }

/** What a score is at most. */
export const scoreMax = 100

/** Scores relative to the best one: that one gets 100. */
export const relativeToBest = (scores: readonly number[]): readonly number[] => {
  const best = Math.max(0, ...scores)
  return scores.map((score) => (best === 0 ? 0 : Math.floor((score * scoreMax) / best)))
}
