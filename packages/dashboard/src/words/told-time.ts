/** How times are told: in which language, and by which clock. */
export type TimeForm = { readonly language: string; readonly isUtc: boolean }

/** `06:41:12`, with the date where it is not today's. */
export function toldTime(timeMs: number, nowMs: number, form: TimeForm): string {
  const isToday = dayOf(timeMs, form) === dayOf(nowMs, form)
  const options: Intl.DateTimeFormatOptions = {
    ...(!isToday && { month: 'short', day: 'numeric' }),
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
    ...zoneOf(form),
  }
  return new Intl.DateTimeFormat(form.language, options).format(timeMs)
}

/** The same whole, with the zone, for who looks twice. */
export const toldTimeWhole = (timeMs: number, form: TimeForm): string =>
  new Intl.DateTimeFormat(form.language, {
    ...{ dateStyle: 'full', timeStyle: 'long' },
    ...zoneOf(form),
  }).format(timeMs)

const dayOf = (timeMs: number, form: TimeForm): string =>
  new Intl.DateTimeFormat('en', { dateStyle: 'short', ...zoneOf(form) }).format(timeMs)

const zoneOf = ({ isUtc }: TimeForm): { timeZone?: string } => (isUtc ? { timeZone: 'UTC' } : {})
