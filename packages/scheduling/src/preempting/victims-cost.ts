import type { PlacedPod } from '../state/placed-pod.ts'
import { priorityOf, startOf } from './importance.ts'

/** Makes every priority count, negative ones too: upstream's MaxInt32 + 1. */
const priorityOffset = 2 ** 31

/** The cost of evicting these pods, by which nodes are compared. */
export type VictimsCost = {
  /** How many of them a disruption budget protects. */
  readonly violations: number
  readonly highestPriority: number
  readonly prioritySum: number
  readonly count: number
  /** When the most important one started; empty where there is none. */
  readonly startedAt: string
}

/** `victims`: the most important first. */
export function victimsCost(victims: readonly PlacedPod[], violations: number): VictimsCost {
  const [first] = victims
  return {
    violations,
    highestPriority: first ? priorityOf(first) : 0,
    prioritySum: victims.reduce((all, pod) => all + priorityOf(pod) + priorityOffset, 0),
    count: victims.length,
    // They are ordered by importance, so the first one of the highest priority has started first.
    startedAt: first ? startOf(first) : '',
  }
}

/**
 * By kube-scheduler's order: fewest violated budgets, lowest highest priority, smallest sum of priorities, fewest
 * victims, latest start of the most important ones.
 */
export function costsLess(a: VictimsCost, b: VictimsCost): boolean {
  if (a.violations !== b.violations) return a.violations < b.violations
  if (a.highestPriority !== b.highestPriority) return a.highestPriority < b.highestPriority
  if (a.prioritySum !== b.prioritySum) return a.prioritySum < b.prioritySum
  if (a.count !== b.count) return a.count < b.count
  return a.startedAt > b.startedAt
}
