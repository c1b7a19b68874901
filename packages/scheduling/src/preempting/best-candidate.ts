import { priorityOf, startOf } from './importance.ts'
import type { PreemptionCandidate } from './victims.ts'

/** Makes every priority count, negative ones too: upstream's MaxInt32 + 1. */
const priorityOffset = 2 ** 31

/**
 * The node whose victims cost least, by kube-scheduler's order: fewest violated budgets, lowest highest priority,
 * smallest sum of priorities, fewest victims, latest start of the most important ones; the first of those that are
 * equal in all.
 */
export function bestCandidate(
  candidates: readonly PreemptionCandidate[],
): PreemptionCandidate | undefined {
  let best: { candidate: PreemptionCandidate; cost: Cost } | undefined
  for (const candidate of candidates) {
    const cost = costOf(candidate)
    if (best === undefined || isLess(cost, best.cost)) best = { candidate, cost }
  }
  return best?.candidate
}

type Cost = { readonly numbers: readonly number[]; readonly startedAt: string }

function costOf({ victims, violations }: PreemptionCandidate): Cost {
  const [first] = victims
  const highest = first ? priorityOf(first) : 0
  const sum = victims.reduce((all, pod) => all + priorityOf(pod) + priorityOffset, 0)
  // They stand in the order of their importance: of the highest priority the first has started first.
  return {
    numbers: [violations, highest, sum, victims.length],
    startedAt: first ? startOf(first) : '',
  }
}

function isLess(a: Cost, b: Cost): boolean {
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index] ?? 0
    if (number !== other) return number < other
  }
  return a.startedAt > b.startedAt
}
