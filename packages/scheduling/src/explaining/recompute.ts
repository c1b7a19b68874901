import type { Decision, NodeVerdict } from '@reckon/domain'
import { isDeepEqual, type Pod } from '@reckon/kubernetes'
import type { Policy } from '../framework.ts'
import { place } from '../placing/place.ts'
import { algorithm } from '../policy/default-policy.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { comparable, digestIn, recordedOf } from './recorded.ts'

/** The verdicts on all nodes, computed again for a decision of which only a digest is recorded. */
export type Recomputed = {
  readonly nodes: readonly NodeVerdict[]
  /** Whether state and digest equal the recorded ones: then these were the verdicts. */
  readonly isProven: boolean
  /** Why it is not. */
  readonly doubt?: string
}

/** `cluster` is what the decision saw, with what it assumed; the pod as it was then. */
export function recompute(
  { decision, nodeName }: { decision: Decision; nodeName: string | undefined },
  { pod, cluster, policy }: { pod: Pod; cluster: ClusterState; policy: Policy },
): Recomputed {
  const state = cluster.hash
  const placement = place(pod, cluster, policy)
  const { tie, digest } = recordedOf(placement)
  const [then, now] = [{ digest: digestIn(decision) }, { digest }].map(comparable)
  const nodes = placement.verdicts()
  const doubts = [
    ...((decision.algorithm ?? 1) === algorithm
      ? []
      : ['another version of the algorithm decided']),
    ...(decision.state === state ? [] : ['the state is another than the one that was seen']),
    ...(placement.nodeName === nodeName ? [] : [`it comes out at ${placement.nodeName}`]),
    ...(isDeepEqual(decision.tie, tie) && isDeepEqual(then, now)
      ? []
      : ['the digest of the verdicts is another']),
  ]
  return doubts.length === 0
    ? { nodes, isProven: true }
    : { nodes, isProven: false, doubt: doubts.join(', ') }
}
