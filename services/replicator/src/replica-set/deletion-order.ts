import { isReady, type Pod } from '@reckon/kubernetes'
import { readySince } from '../ownership/pod-readiness.ts'

const phaseRank: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 }

const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost'

/**
 * The order in which surplus pods are deleted: the least useful first. Upstream's ActivePodsWithRanks: without a node,
 * pending, not ready, with a lower deletion cost, sharing a node, ready for a shorter time, restarted more often,
 * younger.
 */
export function deletionOrder(pods: readonly Pod[]): Pod[] {
  const onNode = new Map<string, number>()
  for (const { spec } of pods) {
    if (spec.nodeName) onNode.set(spec.nodeName, (onNode.get(spec.nodeName) ?? 0) + 1)
  }
  const rank = (pod: Pod): (number | string)[] => [
    pod.spec.nodeName ? 1 : 0,
    phaseRank[pod.status?.phase ?? 'Pending'] ?? 1,
    isReady(pod.status) ? 1 : 0,
    Number(pod.metadata.annotations?.[costAnnotation] ?? 0) || 0,
    -(onNode.get(pod.spec.nodeName ?? '') ?? 0),
    -(readySince(pod) ?? 0),
    -restartsOf(pod),
    -Date.parse(pod.metadata.creationTimestamp ?? '1970-01-01T00:00:00Z'),
    pod.metadata.name,
  ]
  return pods
    .map((pod) => ({ pod, rank: rank(pod) }))
    .sort((a, b) => compare(a.rank, b.rank))
    .map(({ pod }) => pod)
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  const index = a.findIndex((value, at) => value !== b[at])
  if (index < 0) return 0
  return (a[index] ?? 0) < (b[index] ?? 0) ? -1 : 1
}

const restartsOf = ({ status }: Pod): number =>
  Math.max(0, ...(status?.containerStatuses ?? []).map(({ restartCount }) => restartCount))
