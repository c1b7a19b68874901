/**
 * A data key: what became of the object that it was made for, and since when that was seen, by the clock of who looks.
 */
export type FoundKey = {
  uid: string
  sinceMs: number
  object: 'Present' | 'Deleted' | 'NeverMade'
}

export type Step = { type: 'Destroy'; uid: string }

/** A writer that was held up may still make its object: destroying its key then would make that object unreadable. */
const unfinishedMsMax = 3_600_000

/** A key is destroyed when its object is gone, or was never made because its writer died. Pure. */
export function plan(keys: readonly FoundKey[], nowMs: number): readonly Step[] {
  return keys
    .filter(
      ({ object, sinceMs }) =>
        object === 'Deleted' || (object === 'NeverMade' && sinceMs + unfinishedMsMax <= nowMs),
    )
    .map(({ uid }) => ({ type: 'Destroy', uid }))
}
