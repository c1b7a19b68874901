/** What the log says about a reserved value and about its holder's stream. */
export type Evidence = {
  reservedAt: bigint
  /** Whether the holder exists and has the value. */
  isNeeded: boolean
  /** Whether the holder's stream now has another object. */
  isAnothers: boolean
  /** The position of the last event of the holder's stream; undefined if it is empty. */
  endsAt: bigint | undefined
  /** Whether the value is used by something that outlives its holder: pods in a Node's range. */
  isInUse: boolean
}

export type Step =
  | { type: 'Keep' }
  | { type: 'Release' }
  /** The write for which it was reserved may still come: first make sure that it is refused, then release the value. */
  | { type: 'AbandonAndRelease' }
  | { type: 'Wait'; untilMs: number }

/** How long a write may take from its reservation to its object, by the observer's clock. */
const unfinishedMsMax = 60_000
/** How long until a value that is still in use is checked again. */
const usedMs = 5_000

/**
 * Releases a value if the log says that its holder gave it up, is gone, or was never created. A writer reads its
 * stream's end before it reserves, so any later event in the stream refuses its write, and the value can be released
 * safely. If there is none, it is awaited first; so is the end of any other use of the value. Pure.
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
