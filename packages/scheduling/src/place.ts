import type { NodeVerdict } from '@reckon/domain'
import type { Pod } from '@reckon/kubernetes'
import type { ClusterState, NodeState } from './cluster-state.ts'
import type { Policy, WeightedPlugin } from './framework.ts'
import { stableHash } from './stable-hash.ts'

/** Where a pod goes, or that it fits nowhere; with everything that led to it. */
export type Placement = {
  /** Absent: no node suits. */
  nodeName?: string
  /** Every node's verdict up to 100 nodes; beyond, the chosen one, the best, and one of each reason. */
  nodes: NodeVerdict[]
  message: string
}

const verdictsMax = 100
const bestKept = 10

type Context = { cluster: ClusterState; policy: Policy }
type Rejected = { verdict: NodeVerdict; reasons: readonly string[] }
/** A node that suits, with its weighted score by each score plugin, in the policy's order. */
type Feasible = { node: NodeState; scores: number[]; total: number; hash: number }

/**
 * Chooses the node for a pod. Deterministic: among equal nodes a hash of the pod's uid and the node's name decides,
 * so that pods spread and the decision can be recomputed from the log.
 */
export function place(pod: Pod, cluster: ClusterState, policy: Policy): Placement {
  const { nodes } = cluster
  const feasible: Feasible[] = []
  const rejected: Rejected[] = []
  for (const node of nodes) {
    const rejection = rejectionOf(pod, node, { cluster, policy })
    if (rejection) rejected.push(rejection)
    else feasible.push({ node, scores: [], total: 0, hash: 0 })
  }
  if (feasible.length === 0) {
    const message = unschedulableMessage(nodes.length, rejected)
    return { nodes: recorded([], rejected, policy), message }
  }
  score(pod, feasible, { cluster, policy })
  feasible.sort(byTotal)
  const nodeName = (feasible[0] as Feasible).node.name
  const { namespace, name } = pod.metadata
  return {
    nodeName,
    nodes: recorded(feasible, rejected, policy),
    message: `Successfully assigned ${namespace}/${name} to ${nodeName}`,
  }
}

const byTotal = (a: Feasible, b: Feasible): number =>
  b.total - a.total || b.hash - a.hash || (a.node.name < b.node.name ? -1 : 1)

/** By which plugin the node is rejected, and after which others; undefined where it suits. */
function rejectionOf(
  pod: Pod,
  node: NodeState,
  { cluster, policy }: Context,
): Rejected | undefined {
  for (const { plugin } of policy.plugins) {
    const answer = plugin.filter?.(pod, node, cluster)
    if (answer === undefined) continue
    const reasons = typeof answer === 'string' ? [answer] : answer
    const filters = filterNames(policy)
    const passed = filters.slice(0, filters.indexOf(plugin.name))
    const rejectedBy = { plugin: plugin.name, reason: reasons.join(', ') }
    return { verdict: { node: node.name, rejectedBy, passed }, reasons }
  }
  return undefined
}

function score(pod: Pod, feasible: readonly Feasible[], { cluster, policy }: Context): void {
  for (const { plugin, weight } of scorePlugins(policy)) {
    const raw = feasible.map(({ node }) => plugin.score?.(pod, node, cluster) ?? 0)
    const scores = plugin.normalize?.(raw) ?? raw
    for (const [index, each] of feasible.entries()) {
      const weighted = (scores[index] ?? 0) * weight
      each.scores.push(weighted)
      each.total += weighted
    }
  }
  const uid = pod.metadata.uid ?? ''
  for (const each of feasible) each.hash = stableHash(`${uid}/${each.node.name}`)
}

const filterNames = ({ plugins }: Policy): string[] =>
  plugins.flatMap(({ plugin }) => (plugin.filter ? [plugin.name] : []))

const scorePlugins = ({ plugins }: Policy): readonly WeightedPlugin[] =>
  plugins.filter(({ plugin, weight }) => plugin.score !== undefined && weight > 0)

/** The verdicts that are kept, the best nodes first. */
function recorded(
  ranked: readonly Feasible[],
  rejected: readonly Rejected[],
  policy: Policy,
): NodeVerdict[] {
  const isShort = ranked.length + rejected.length <= verdictsMax
  const names = scorePlugins(policy).map(({ plugin }) => plugin.name)
  const passed = filterNames(policy)
  const suiting = (isShort ? ranked : ranked.slice(0, bestKept)).map(
    ({ node, scores, total }): NodeVerdict => ({
      node: node.name,
      passed,
      scores: Object.fromEntries(names.map((name, index) => [name, scores[index] ?? 0])),
      total,
    }),
  )
  const rejections = rejected.map(({ verdict }) => verdict)
  return [...suiting, ...(isShort ? rejections : oneOfEachReason(rejections))]
}

function oneOfEachReason(rejections: readonly NodeVerdict[]): Iterable<NodeVerdict> {
  const first = new Map<string, NodeVerdict>()
  for (const verdict of rejections) {
    const reason = verdict.rejectedBy?.reason ?? ''
    if (!first.has(reason)) first.set(reason, verdict)
  }
  return first.values()
}

/** kube-scheduler's summary: how many nodes for each reason, sorted as text. */
function unschedulableMessage(nodeCount: number, rejected: readonly Rejected[]): string {
  if (nodeCount === 0) return 'no nodes available to schedule pods'
  const counts = new Map<string, number>()
  for (const { reasons } of rejected) {
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  const summary = [...counts].map(([reason, count]) => `${count} ${reason}`).sort()
  return `0/${nodeCount} nodes are available: ${summary.join(', ')}.`
}
