import type { Decision, NodeVerdict, VerdictDigest } from '@reckon/domain'
import type { Policy } from '../framework.ts'
import { type Placement, pluginsAt } from '../placing/placement.ts'
import { tableOf, verdictsIn } from './verdict-table.ts'

/** Up to so many nodes every verdict is recorded. */
const nodesMax = 100
const reasonsMax = 8
const bestMax = 3

/** What of a placement is recorded, so that it can be explained and compared with one that was computed again. */
export type Recorded = Pick<Decision, 'tie' | 'table' | 'digest' | 'nomination' | 'message'>

/** Asked for before the cluster's state changes. */
export function recordedOf(placement: Placement, policy: Policy): Recorded {
  const { choice, message, nodeCount, preemption } = placement
  return {
    ...(choice && { tie: { tied: choice.tied, rank: choice.rank } }),
    ...(nodeCount <= nodesMax
      ? { table: tableOf(placement.verdicts(), pluginsAt(policy, 'filter')) }
      : { digest: digestOf(placement) }),
    ...(preemption && 'nomination' in preemption && { nomination: preemption.nomination }),
    message,
  }
}

function digestOf(placement: Placement): VerdictDigest {
  const { nodeCount, suitingCount, reasons } = placement
  const frequent = reasons.toSorted((a, b) => b.count - a.count).slice(0, reasonsMax)
  return { nodeCount, suitingCount, reasons: frequent, best: placement.best(bestMax) }
}

/** The verdicts that a decision carries, the chosen node's first, then the best. */
export function verdictsOf(
  { nodes, table, digest }: Decision,
  chosen: string | undefined,
): NodeVerdict[] {
  if (table === undefined) return nodes ?? digest?.best ?? []
  const worth = ({ node, total = -1 }: NodeVerdict) => (node === chosen ? Infinity : total)
  return verdictsIn(table).sort((a, b) => worth(b) - worth(a) || (a.node < b.node ? -1 : 1))
}
