const secondMs = 1_000

/**
 * How long until the next message of those that are sent every second: half a second at least. All are sent on the full
 * second, whoever sends them: a receiver is woken once for those that come together.
 */
export function untilFullSecondMs(nowMs: number): number {
  // Counted from the nearest full second, because a timer may end a moment too early.
  const lastMs = Math.round(nowMs / secondMs) * secondMs
  return lastMs + secondMs - nowMs
}
