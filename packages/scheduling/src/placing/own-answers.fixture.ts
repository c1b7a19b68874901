import type { Pod } from '@reckon/kubernetes'
import { defaultPolicy } from '../policy/default-policy.ts'
import { victimsAt } from '../preempting/victims.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { answerOf, type JudgedNode, judgedCluster } from './judged-cluster.fixture.ts'
import { place } from './place.ts'

export {
  answerOf,
  type JudgedNode,
  judgedCluster,
  judgedClusters,
} from './judged-cluster.fixture.ts'

/** The verdicts of our plugins on the pods of a judged cluster. */
export function ownAnswers(seed: number): string[] {
  return ownJudgements(seed).map(answerOf)
}

/** The same, in full. */
export function ownJudgements(seed: number): Map<string, JudgedNode>[] {
  const { nodes, namespaces, budgets, pods, wanted } = judgedCluster(seed)
  const cluster = clusterStateOf(nodes, pods)
  for (const { metadata } of namespaces) cluster.setNamespace(metadata.name, metadata.labels)
  for (const budget of budgets) cluster.setBudget(budget)
  return wanted.map((pod) => judged(pod, cluster))
}

function judged(pod: Pod, cluster: ClusterState): Map<string, JudgedNode> {
  const placement = place(pod, cluster, defaultPolicy)
  return new Map(
    placement.verdicts().map(({ node, rejectedBy }): [string, JudgedNode] => {
      if (rejectedBy === undefined) return [node, {}]
      const slot = cluster.slots.find(node) ?? -1
      const { unplaced } = placement
      const isLasting = unplaced.rejectionAt(slot)?.isLasting !== false
      const found = isLasting ? undefined : victimsAt(slot, unplaced)
      const reasons = rejectedBy.reason.split(', ').map(inUpstreamsWords)
      if (found === undefined || !('victims' in found) || found.victims.length === 0) {
        return [node, { reasons }]
      }
      const victims = found.victims.map(({ name }) => name)
      return [node, { reasons, victims, violations: found.cost.violations }]
    }),
  )
}

/** Ours names the taint, as kube-scheduler did before 1.34. */
const inUpstreamsWords = (reason: string): string =>
  reason.replace(/^(node\(s\) had untolerated taint) \{.*\}$/, '$1(s)')
