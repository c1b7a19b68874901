/** What the log says of a reserved value and of the stream of its holder. */
export type Evidence = {
  reservedAt: bigint
  /** Whether the holder is there and has the value. */
  isNeeded: boolean
  /** Whether the holder's stream has another object. */
  isAnothers: boolean
  /** The position of the last event of the holder's stream; undefined where there is none. */
  endsAt: bigint | undefined
  /** Whether something uses the value that outlives its holder: pods in a Node's range. */
  isInUse: boolean
}

export type Step =
  | { type: 'Keep' }
  | { type: 'Release' }
  /** The write that it was reserved for may still come: that is refused first, then the value is released. */
  | { type: 'AbandonAndRelease' }
  | { type: 'Wait'; untilMs: number }

/** So long a write may take from its reservation to its object, by the one clock of who waits. */
const unfinishedMsMax = 60_000
/** So long until a value that is in use is looked at again. */
const usedMs = 5_000

/**
 * A value is released when the log says that its holder gave it up, is gone, or never came to be. A write knows its
 * stream's end before it reserves: whatever was recorded there since refuses it, so that nothing can still come. Where
 * nothing was, it is waited for first; so is whatever still uses the value. Pure.
 */
export function plan(
  { reservedAt, isNeeded, isAnothers, endsAt, isInUse }: Evidence,
  { unfinishedSinceMs, nowMs }: { unfinishedSinceMs: number; nowMs: number },
): Step {
  if (isNeeded) return { type: 'Keep' }
  if (isInUse) return { type: 'Wait', untilMs: nowMs + usedMs }
  if (isAnothers || (endsAt !== undefined && endsAt > reservedAt)) return { type: 'Release' }
  const untilMs = unfinishedSinceMs + unfinishedMsMax
  return nowMs < untilMs ? { type: 'Wait', untilMs } : { type: 'AbandonAndRelease' }
}
