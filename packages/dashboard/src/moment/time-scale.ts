/** What a time bar shows: from a time to a later one, in milliseconds since the epoch. */
export type Span = { readonly fromMs: number; readonly toMs: number }

/** How far along the span a time is: 0 at its beginning, 1 at its end. */
export const shareOf = ({ fromMs, toMs }: Span, timeMs: number): number =>
  (timeMs - fromMs) / (toMs - fromMs)

/** The time so far along the span. */
export const timeAt = ({ fromMs, toMs }: Span, share: number): number =>
  fromMs + share * (toMs - fromMs)

/** The span so many times as long, in which what was at this share of it stays where it is. */
export function zoomed(span: Span, share: number, factor: number): Span {
  const centreMs = timeAt(span, share)
  const lengthMs = (span.toMs - span.fromMs) * factor
  return { fromMs: centreMs - share * lengthMs, toMs: centreMs + (1 - share) * lengthMs }
}

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const stepsMs = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minuteMs),
  ...[1, 2, 3, 6, 12].map((count) => count * hourMs),
  ...[1, 2, 7, 14, 30, 90, 365].map((count) => count * dayMs),
]

/** Round times of a span, so many at most; `offsetMs` is how far the clock that they are round by is ahead of UTC. */
export function ticksOf({ fromMs, toMs }: Span, countMax: number, offsetMs = 0): number[] {
  const fits = (stepMs: number) => (toMs - fromMs) / stepMs <= countMax
  const stepMs = stepsMs.find(fits) ?? 365 * dayMs
  const first = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs - offsetMs
  const count = Math.max(0, Math.floor((toMs - first) / stepMs) + 1)
  return Array.from({ length: Math.min(count, countMax + 1) }, (_, index) => first + index * stepMs)
}
