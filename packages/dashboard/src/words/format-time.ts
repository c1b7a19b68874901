/** How times are told: in which language, and by which clock. */
export type TimeForm = { readonly language: string; readonly isUtc: boolean }

/** `06:41:12`, with the date where it is not today's. */
export function formatTime(timeMs: number, nowMs: number, form: TimeForm): string {
  const isToday = dayOf(timeMs, form) === dayOf(nowMs, form)
  const time = clockOf(timeMs, form)
  return isToday ? time : `${formatted(timeMs, form, { month: 'short', day: 'numeric' })}, ${time}`
}

/** The same whole, with the zone, for who looks twice. */
export const formatFullTime = (timeMs: number, form: TimeForm): string =>
  formatted(timeMs, form, { dateStyle: 'full', timeStyle: 'long' })

/** A time on an axis of that length: seconds only where they are told apart, days where hours would not do. */
export function formatTick(timeMs: number, lengthMs: number, form: TimeForm): string {
  if (lengthMs > 2 * 86_400_000) return formatted(timeMs, form, { month: 'short', day: 'numeric' })
  const time = clockOf(timeMs, form)
  return lengthMs < 8 * 60_000 ? time : time.slice(0, 5)
}

/** Whole days and seconds have one form in all languages here; to make a format of `Intl` costs milliseconds. */
const shown = (timeMs: number, { isUtc }: TimeForm): string => {
  const offsetMs = isUtc ? 0 : new Date(timeMs).getTimezoneOffset() * 60_000
  return new Date(timeMs - offsetMs).toISOString()
}
const dayOf = (timeMs: number, form: TimeForm): string => shown(timeMs, form).slice(0, 10)
const clockOf = (timeMs: number, form: TimeForm): string => shown(timeMs, form).slice(11, 19)

const formats = new Map<string, Intl.DateTimeFormat>()

function formatted(
  timeMs: number,
  { language, isUtc }: TimeForm,
  options: Intl.DateTimeFormatOptions,
): string {
  const key = `${language} ${isUtc} ${Object.entries(options).join()}`
  const zone = isUtc ? { timeZone: 'UTC' } : {}
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language, { ...options, ...zone })
  formats.set(key, format)
  return format.format(timeMs)
}
