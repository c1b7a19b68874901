/** How times are told: in which language, and by which clock. */
export type TimeForm = { readonly language: string; readonly isUtc: boolean }

/** `06:41:12`, with the date where it is not today's. */
export function formatTime(timeMs: number, nowMs: number, form: TimeForm): string {
  const isToday = dayOf(timeMs, form) === dayOf(nowMs, form)
  return formatted(timeMs, form, {
    ...(!isToday && { month: 'short', day: 'numeric' }),
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  })
}

/** The same whole, with the zone, for who looks twice. */
export const formatFullTime = (timeMs: number, form: TimeForm): string =>
  formatted(timeMs, form, { dateStyle: 'full', timeStyle: 'long' })

/** A time on an axis of that length: seconds only where they are told apart, days where hours would not do. */
export function formatTick(timeMs: number, lengthMs: number, form: TimeForm): string {
  const isDays = lengthMs > 2 * 86_400_000
  return formatted(timeMs, form, {
    ...(isDays ? { month: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit' }),
    ...(lengthMs < 8 * 60_000 && { second: '2-digit' }),
    hourCycle: 'h23',
  })
}

const dayOf = (timeMs: number, form: TimeForm): string =>
  formatted(timeMs, { ...form, language: 'en' }, { dateStyle: 'short' })

const formats = new Map<string, Intl.DateTimeFormat>()

/** To make a format costs far more than to use it. */
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
