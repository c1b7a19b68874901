import type { Schedule } from './schedule.ts'

/** Upstream's: more than the hours of a weekend on which nobody looks. */
const missedMax = 100

/**
 * Whether so many times went by that it has to be told, reckoned by how far the first two are apart, as upstream does.
 * From the deadline on, where there is one: what was before that nobody wants any more.
 */
export function hasMissedMany(
  schedule: Schedule,
  { sinceMs, nowMs }: { sinceMs: number; nowMs: number },
): boolean {
  const first = schedule.after(sinceMs)
  const second = first === undefined ? undefined : schedule.after(first)
  if (first === undefined || second === undefined || nowMs < second) return false
  return Math.floor((nowMs - first) / (second - first)) + 1 > missedMax
}
