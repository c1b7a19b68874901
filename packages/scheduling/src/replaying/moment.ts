import type { RecordedEvent } from './recorded-decision.ts'

/** A place in the log: a position, or the time of what was recorded there in milliseconds since 1970. */
export type Moment = { readonly position: bigint } | { readonly timeMs: number }

/** What lies between two moments, both of them in it; an absent one is an end of the log. */
export type Span = { readonly from?: Moment | undefined; readonly to?: Moment | undefined }

const order = (event: RecordedEvent, moment: Moment): number =>
  'position' in moment
    ? Number(event.position - moment.position)
    : Date.parse(event.metadata?.time ?? '') - moment.timeMs

/** Whether an event was recorded at that moment or later. */
export const isReachedBy = (event: RecordedEvent, moment: Moment): boolean =>
  order(event, moment) >= 0

/** Whether an event was recorded after that moment. */
export const isPastIn = (event: RecordedEvent, moment: Moment): boolean => order(event, moment) > 0
