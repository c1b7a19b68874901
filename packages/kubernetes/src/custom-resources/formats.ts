import { isIpv4, isIpv6 } from '../name-syntax.ts'

const uuid = (version: string) =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$`, 'i')
const patterns: Readonly<Record<string, RegExp>> = {
  byte: /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  date: /^\d{4}-\d\d-\d\d$/,
  'date-time': /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/,
  duration: /^(-?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d|w))+|0)$/,
  email: /^[^\s@]+@[^\s@]+$/,
  hostname:
    /^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/,
  mac: /^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/,
  uuid: uuid('[0-9a-f]'),
  uuid3: uuid('3'),
  uuid4: uuid('4'),
  uuid5: uuid('5'),
}

/** Whether a text violates a format; formats that upstream does not check allow everything. */
export function formatProblem(format: string, text: string): boolean {
  if (format === 'ipv4') return !isIpv4(text)
  if (format === 'ipv6') return !isIpv6(text)
  if (format === 'ip') return !isIpv4(text) && !isIpv6(text)
  if (format === 'uri') return !URL.canParse(text)
  const isDate = format === 'date' || format === 'date-time'
  if (isDate && Number.isNaN(Date.parse(text))) return true
  return Object.hasOwn(patterns, format) && !patterns[format]?.test(text)
}
