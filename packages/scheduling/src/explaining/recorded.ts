import type { Decision, NodeVerdict, VerdictDigest, VerdictTable } from '@reckon/domain'
import type { Placement } from '../placing/placement.ts'
import { tableOf, verdictsIn, withoutZeros } from '../placing/verdict-table.ts'

/** Every verdict is recorded for up to this many nodes. */
const nodesMax = 100
const reasonsMax = 8
const bestMax = 3

/**
 * The part of a placement that is recorded, so that it can be explained, and compared with one that is computed again.
 */
export type Recorded = Pick<Decision, 'tie' | 'table' | 'digest' | 'nomination' | 'message'>

/** To be called before the cluster's state changes. */
export function recordedOf(placement: Placement): Recorded {
  const { choice, message, nodeCount, preemption } = placement
  return {
    ...(choice && { tie: { tied: choice.tied, rank: choice.rank } }),
    ...(nodeCount <= nodesMax ? { table: placement.table() } : { digest: digestOf(placement) }),
    ...(preemption && 'nomination' in preemption && { nomination: preemption.nomination }),
    message,
  }
}

function digestOf(placement: Placement): VerdictDigest {
  const { nodeCount, suitingCount, reasons } = placement
  // They are sorted as text, which decides between equals.
  const frequent = reasons.sort((a, b) => b.count - a.count).slice(0, reasonsMax)
  const leading = placement.leading(bestMax)
  return {
    ...{ nodeCount, suitingCount, reasons: frequent },
    ...(leading && { leading }),
  }
}

/** A decision's digest in the present form, also where it was recorded in an older one. */
export function digestIn({ digest }: Decision): VerdictDigest | undefined {
  if (digest?.best === undefined) return digest
  const { best, ...others } = digest
  const [first] = best
  return first ? { ...others, leading: tableOf(best, first.passed) } : others
}

/** Verdicts in a canonical form, so that equal verdicts compare as equal, whichever version recorded them. */
export function comparable({ table, digest }: Verdicts): Pick<Decision, 'table' | 'digest'> {
  const { leading } = digest ?? {}
  return {
    ...(table && { table: withoutZeros(table) }),
    ...(digest && { digest: { ...digest, ...(leading && { leading: withoutZeros(leading) }) } }),
  }
}

type Verdicts = { table?: VerdictTable | undefined; digest?: VerdictDigest | undefined }

/** The verdicts recorded in a decision: the chosen node's first, then the best. */
export function verdictsOf(decision: Decision, chosen: string | undefined): NodeVerdict[] {
  const { nodes, table } = decision
  if (table === undefined) {
    const { leading } = digestIn(decision) ?? {}
    return nodes ?? (leading ? verdictsIn(leading) : [])
  }
  const worth = ({ node, total = -1 }: NodeVerdict) => (node === chosen ? Infinity : total)
  return verdictsIn(table).sort((a, b) => worth(b) - worth(a) || (a.node < b.node ? -1 : 1))
}
