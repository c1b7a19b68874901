const secondMs = 1_000

/**
 * How long until the next message of those that are sent every second, or every so many seconds: half of that time at
 * least. All are sent on the full second, whoever sends them: a receiver is woken once for those that come together.
 */
export function untilFullSecondMs(nowMs: number, everySeconds = 1): number {
  const everyMs = everySeconds * secondMs
  // Counted from the nearest such moment, because a timer may end a moment too early.
  const lastMs = Math.round(nowMs / everyMs) * everyMs
  return lastMs + everyMs - nowMs
}
