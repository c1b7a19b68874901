import type { NodeVerdict } from '@reckon/domain'
import type { Pod } from '@reckon/kubernetes'
import type { ClusterState, NodeState } from './cluster-state.ts'
import type { Policy } from './framework.ts'
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

type Rejected = { verdict: NodeVerdict; reasons: readonly string[] }

/**
 * Chooses the node for a pod. Deterministic: among equal nodes a hash of the pod's uid and the node's name decides,
 * so that pods spread and the decision can be recomputed from the log.
 */
export function place(pod: Pod, cluster: ClusterState, policy: Policy): Placement {
  const feasible: { node: NodeState; verdict: NodeVerdict }[] = []
  const rejected: Rejected[] = []
  for (const node of cluster.nodes) {
    const { verdict, reasons } = filter(pod, node, { cluster, policy })
    if (reasons.length === 0) feasible.push({ node, verdict })
    else rejected.push({ verdict, reasons })
  }
  if (feasible.length === 0) {
    const nodes = recorded([], rejected)
    return { nodes, message: unschedulableMessage(cluster.nodes.length, rejected) }
  }
  score(pod, feasible, { cluster, policy })
  const uid = pod.metadata.uid ?? ''
  const ranked = feasible
    .map(({ verdict }) => ({ verdict, hash: stableHash(`${uid}/${verdict.node}`) }))
    .sort(
      (a, b) =>
        (b.verdict.total ?? 0) - (a.verdict.total ?? 0) ||
        b.hash - a.hash ||
        (a.verdict.node < b.verdict.node ? -1 : 1),
    )
    .map(({ verdict }) => verdict)
  const nodeName = (ranked[0] as NodeVerdict).node
  const { namespace, name } = pod.metadata
  return {
    nodeName,
    nodes: recorded(ranked, rejected),
    message: `Successfully assigned ${namespace}/${name} to ${nodeName}`,
  }
}

type Context = { cluster: ClusterState; policy: Policy }

function filter(pod: Pod, node: NodeState, { cluster, policy }: Context): Rejected {
  const passed: string[] = []
  for (const { plugin } of policy.plugins) {
    if (plugin.filter === undefined) continue
    const answer = plugin.filter(pod, node, cluster)
    if (answer !== undefined) {
      const reasons = typeof answer === 'string' ? [answer] : answer
      const rejectedBy = { plugin: plugin.name, reason: reasons.join(', ') }
      return { verdict: { node: node.name, rejectedBy, passed }, reasons }
    }
    passed.push(plugin.name)
  }
  return { verdict: { node: node.name, passed }, reasons: [] }
}

/** Writes each plugin's weighted score and the total into the verdicts. */
function score(
  pod: Pod,
  feasible: readonly { node: NodeState; verdict: NodeVerdict }[],
  { cluster, policy }: Context,
): void {
  for (const { plugin, weight } of policy.plugins) {
    if (plugin.score === undefined || weight === 0) continue
    const raw = feasible.map(({ node }) => plugin.score?.(pod, node, cluster) ?? 0)
    const scores = plugin.normalize?.(raw) ?? raw
    feasible.forEach(({ verdict }, index) => {
      const weighted = (scores[index] ?? 0) * weight
      verdict.scores = { ...verdict.scores, [plugin.name]: weighted }
      verdict.total = (verdict.total ?? 0) + weighted
    })
  }
}

function recorded(ranked: readonly NodeVerdict[], rejected: readonly Rejected[]): NodeVerdict[] {
  const rejections = rejected.map(({ verdict }) => verdict)
  if (ranked.length + rejections.length <= verdictsMax) return [...ranked, ...rejections]
  const ofEachReason = new Map<string, NodeVerdict>()
  for (const verdict of rejections) {
    const reason = verdict.rejectedBy?.reason ?? ''
    if (!ofEachReason.has(reason)) ofEachReason.set(reason, verdict)
  }
  return [...ranked.slice(0, bestKept), ...ofEachReason.values()]
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
