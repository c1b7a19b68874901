import type { PreemptionCandidate } from './victims.ts'
import { costsLess } from './victims-cost.ts'

/** The node whose victims cost least; the first one of equal ones. */
export function bestCandidate(
  candidates: readonly PreemptionCandidate[],
): PreemptionCandidate | undefined {
  let best: PreemptionCandidate | undefined
  for (const candidate of candidates) {
    if (best === undefined || costsLess(candidate.cost, best.cost)) best = candidate
  }
  return best
}
