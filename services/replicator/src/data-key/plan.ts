/** A data key: what became of its object, and since when that has been noticed, by the observer's clock. */
export type FoundKey = {
  uid: string
  sinceMs: number
  object: 'Present' | 'Deleted' | 'NeverMade'
}

export type Step = { type: 'Destroy'; uid: string }

/**
 * How long a delayed writer may still create its object; destroying the key earlier would make that object unreadable.
 */
const unfinishedMsMax = 3_600_000

/** A key is destroyed when its object is deleted, or was never created because its writer died. Pure. */
export function plan(keys: readonly FoundKey[], nowMs: number): readonly Step[] {
  return keys
    .filter(
      ({ object, sinceMs }) =>
        object === 'Deleted' || (object === 'NeverMade' && sinceMs + unfinishedMsMax <= nowMs),
    )
    .map(({ uid }) => ({ type: 'Destroy', uid }))
}
