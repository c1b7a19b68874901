import { ownValue } from '../../own-value.ts'

/** Upstream's abbreviations. */
const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

type Field = { name: string; min: number; max: number; names?: readonly string[] }

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const fields: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: ['', ...months] },
  { name: 'day of week', min: 0, max: 6, names: 'sun mon tue wed thu fri sat'.split(' ') },
]

const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }

/**
 * The milliseconds of `@every 1h30m`, whole seconds and at least one, as upstream; undefined of every other schedule.
 */
export function everyMs(schedule: string): number | undefined {
  const [, text = ''] = /^@every ((?:\d+(?:\.\d+)?(?:h|ms|m|s))+)$/.exec(schedule.trim()) ?? []
  if (text === '') return undefined
  const ms = [...text.matchAll(/([\d.]+)(h|ms|m|s)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  )
  return Math.max(1_000, Math.floor(ms / 1_000) * 1_000)
}

/**
 * The five fields of a schedule as numbers and `*`, or what is wrong with it; as upstream's `cron.ParseStandard` has
 * it.
 */
export function cronFields(schedule: string): { fields: string } | { problem: string } {
  const text = ownValue(macros, schedule.trim()) ?? schedule.trim()
  if (text.startsWith('@')) return { problem: `unrecognized descriptor: ${text}` }
  const parts = text.split(/\s+/)
  if (parts.length !== fields.length) {
    return { problem: `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]` }
  }
  const numbers = fields.map((field, at) => numbered(parts[at] ?? '', field))
  const wrong = numbers.indexOf(undefined)
  if (wrong >= 0) return { problem: `failed to parse ${fields[wrong]?.name}: ${parts[wrong]}` }
  return { fields: numbers.join(' ') }
}

/** A field with its names replaced by numbers; undefined where it is invalid. */
function numbered(text: string, field: Field): string | undefined {
  const items = text.split(',').map((item) => numberedItem(item, field))
  return items.includes(undefined) ? undefined : items.join(',')
}

function numberedItem(item: string, field: Field): string | undefined {
  const [range = '', step, ...more] = item.split('/')
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) return undefined
  const suffix = step === undefined ? '' : `/${step}`
  // A step beyond the range leaves its first value, as upstream.
  const isBeyond = (from: number, to: number) => step !== undefined && Number(step) > to - from
  if (range === '*' || range === '?') {
    return isBeyond(field.min, field.max) ? `${field.min}` : `*${suffix}`
  }
  const ends = range.split('-').map((end) => numberOf(end, field))
  const [from, to = from] = ends
  if (ends.length > 2 || ends.includes(undefined)) return undefined
  if (from === undefined || to === undefined || from > to) return undefined
  // As upstream, `n/step` means from n on.
  const last = step !== undefined && ends.length === 1 ? field.max : to
  if (isBeyond(from, last)) return `${from}`
  if (step !== undefined && ends.length === 1) return `${from}-${field.max}${suffix}`
  return `${ends.join('-')}${suffix}`
}

function numberOf(text: string, { min, max, names = [] }: Field): number | undefined {
  const named = text === '' ? -1 : names.indexOf(text.toLowerCase())
  const number = named >= 0 ? named : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  return number >= min && number <= max ? number : undefined
}
