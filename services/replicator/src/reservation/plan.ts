import type { Holder, Reservable } from '@reckon/domain'

/** A reserved value: whose it is, since when, and whether that object is there and needs it. */
export type Held = { reservable: Reservable; holder: Holder; sinceMs: number; isNeeded: boolean }

/** A value that an object has, and that nobody holds for it. */
export type Missing = { reservable: Reservable; holder: Holder }

export type Step = { type: 'Release'; held: Held } | { type: 'Reserve'; missing: Missing }

/** Between the reservation and its object no writer takes longer than this. */
const unfinishedMsMax = 60_000

/**
 * A value is released when its object is gone, gave it up, or was never made because its writer died; what an object has
 * is reserved for it. Pure.
 */
export function plan(
  reservations: readonly Held[],
  missing: readonly Missing[],
  nowMs: number,
): readonly Step[] {
  const lost = reservations.filter(
    ({ isNeeded, sinceMs }) => !isNeeded && sinceMs + unfinishedMsMax <= nowMs,
  )
  return [
    ...lost.map((held): Step => ({ type: 'Release', held })),
    ...missing.map((each): Step => ({ type: 'Reserve', missing: each })),
  ]
}
