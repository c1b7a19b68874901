const beatMs = 1_000

/**
 * How long until the next heartbeat, half a second at least. All agents send theirs on the full second: a receiver that
 * hears a thousand together is not woken for each of them.
 */
export function untilNextBeatMs(nowMs: number): number {
  // Counted from the nearest full second, because a timer may end a moment too early.
  const beatAtMs = Math.round(nowMs / beatMs) * beatMs
  return beatAtMs + beatMs - nowMs
}
