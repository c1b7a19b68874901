import { durationMsOf } from '@reckon/kubernetes'

/** A position of the log, possibly with the time to which ages are counted; or a time alone. */
export type NamedMoment = { position: bigint; timeMs?: number } | { timeMs: number }

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i

/**
 * Parses the moment that a path names: `48213`, `48213@2026-11-27T14:02:00Z`, `2026-11-27T14:02:00Z` or `10m` (ago);
 * undefined if the text is none of these. A time in the future counts as now. Pure.
 */
export function namedMoment(text: string, nowMs: number): NamedMoment | undefined {
  const named = writtenMoment(text, nowMs)
  if (named === undefined || 'position' in named) return named
  return { timeMs: Math.min(named.timeMs, nowMs) }
}

/** As `namedMoment`, but a time in the future is kept. */
export function writtenMoment(text: string, nowMs: number): NamedMoment | undefined {
  const [, digits, time] = /^(\d{1,20})(?:@(.+))?$/.exec(text) ?? []
  if (digits === undefined) return timeIn(text, nowMs)
  const position = BigInt(digits)
  if (time === undefined) return { position }
  const named = rfc3339.test(time) ? Date.parse(time) : Number.NaN
  return Number.isNaN(named) ? undefined : { position, timeMs: named }
}

/** Why the value of a parameter names no moment. */
export const notMoment = (parameter: string, text: string): string =>
  `${parameter}: "${text}" is no position of the log, no time (2026-11-27T14:02:00Z) and no duration (10m)`

/** The latest date that JavaScript can represent. */
const timeMsMax = 8.64e15

function timeIn(text: string, nowMs: number): { timeMs: number } | undefined {
  const ago = durationMsOf(text)
  const timeMs = ago === undefined ? timeOf(text) : nowMs - ago
  return Math.abs(timeMs) <= timeMsMax ? { timeMs } : undefined
}

const timeOf = (text: string): number => (rfc3339.test(text) ? Date.parse(text) : Number.NaN)
