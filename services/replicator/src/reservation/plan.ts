import type { Holder, Reservable } from '@reckon/domain'

/** A reserved value: whose it is, since when, and whether that object is there. */
export type Held = { reservable: Reservable; holder: Holder; sinceMs: number; hasObject: boolean }

export type Step = { type: 'Release'; held: Held }

/** Between the reservation and its object no writer takes longer than this. */
const unfinishedMsMax = 60_000

/** A value is released when its object is gone, or was never made because its writer died. Pure. */
export function plan(reservations: readonly Held[], nowMs: number): readonly Step[] {
  return reservations
    .filter(({ hasObject, sinceMs }) => !hasObject && sinceMs + unfinishedMsMax <= nowMs)
    .map((held) => ({ type: 'Release', held }))
}
