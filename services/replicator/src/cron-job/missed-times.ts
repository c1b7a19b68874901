import type { Schedule } from './schedule.ts'

/** Upstream's limit: more than the hours of a weekend. */
const missedMax = 100

/**
 * Whether so many times were missed that a warning is due. As upstream, this is estimated from the interval between the
 * first two. Times before the starting deadline do not count.
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
