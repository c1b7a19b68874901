import { durationMsOf } from '@reckon/kubernetes/durations'
import type { Moment, Span } from '@reckon/scheduling'

const dayMs = 86_400_000

/**
 * Parses a moment: a position of the log, a duration before now (`90s`, `1h30m`), a time of day (`14:02`, the last
 * one), a date or a time; undefined where it is none. Without a zone it is in the machine's own.
 */
export function momentOf(text: string, now: Date): Moment | undefined {
  if (/^\d+$/.test(text)) return { position: BigInt(text) }
  const timeMs = durationBefore(text, now) ?? timeOfDay(text, now) ?? timeOf(text)
  return timeMs === undefined || Number.isNaN(timeMs) ? undefined : { timeMs }
}

function durationBefore(text: string, now: Date): number | undefined {
  const ms = durationMsOf(text)
  return ms === undefined ? undefined : now.getTime() - ms
}

function timeOfDay(text: string, now: Date): number | undefined {
  const [, hours, minutes, seconds = '0'] = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(text) ?? []
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined
  const then = new Date(now)
  then.setHours(Number(hours), Number(minutes), Number(seconds), 0)
  return then.getTime() > now.getTime() ? then.getTime() - dayMs : then.getTime()
}

/** A date alone begins at local midnight, not at midnight UTC as in JavaScript. */
function timeOf(text: string): number | undefined {
  // JavaScript accepts a number after any words as a date.
  if (!/^\d{4}-\d\d-\d\d([T ]|$)/.test(text)) return undefined
  return Date.parse(text.length === 10 ? `${text}T00:00:00` : text.replace(' ', 'T'))
}

/** The same for the value of an option; throws an explanation. */
export function momentFrom(option: string, text: string | undefined): Moment | undefined {
  if (text === undefined) return undefined
  const moment = momentOf(text, new Date())
  if (moment) return moment
  throw new Error(
    `${option}: "${text}" is no position of the log, duration (1h30m), day (2026-11-25) or time (14:02)`,
  )
}

/** The span between the options `--from` and `--to`; throws if the end comes first. */
export function spanFrom(from: string | undefined, to: string | undefined): Span {
  const span = { from: momentFrom('--from', from), to: momentFrom('--to', to) }
  if (span.from && span.to && isBefore(span.to, span.from)) {
    throw new Error(`--to: "${to}" is before --from, "${from}"`)
  }
  return span
}

/** Whether a position comes before a time only the log knows. */
const isBefore = (one: Moment, other: Moment): boolean =>
  'position' in one
    ? 'position' in other && one.position < other.position
    : 'timeMs' in other && one.timeMs < other.timeMs

/** The form for the history API, which resolves durations by the cluster's own clock. */
export function momentParameter(option: string, text: string): string {
  if (durationMsOf(text) !== undefined) return text
  const moment = momentFrom(option, text)
  if (moment === undefined) return '0s'
  return 'position' in moment ? String(moment.position) : new Date(moment.timeMs).toISOString()
}

/** The form for the API: a position, or a time. */
export function momentText(option: string, text: string): string {
  const moment = momentFrom(option, text)
  if (moment === undefined) return text
  return 'position' in moment ? String(moment.position) : new Date(moment.timeMs).toISOString()
}
