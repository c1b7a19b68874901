import { isJsonObject } from '@reckon/kubernetes'

/** The fields of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>

const decoder = new TextDecoder()
const textMax = 4096

/** What came over the wire as JSON; like all that parses, it throws SyntaxError at what makes no sense. */
export const jsonIn = (data: Uint8Array): unknown => JSON.parse(decoder.decode(data))

export function fieldsOf(value: unknown, what = 'it'): Fields {
  if (isJsonObject(value)) return value
  throw new SyntaxError(`${what} is no object`)
}

/** A text that is there and not overlong. */
export function textAt(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string' && value !== '' && value.length <= textMax) return value
  throw new SyntaxError(`its ${name} is no text`)
}

/** A text that may be empty or absent. */
export const optionalTextAt = (fields: Fields, name: string): string =>
  fields[name] === undefined || fields[name] === '' ? '' : textAt(fields, name)

export function listAt(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name]
  if (Array.isArray(value)) return value
  throw new SyntaxError(`its ${name} is no list`)
}

/** A whole number from `least` on that JSON can say exactly. */
export function countAt(fields: Fields, name: string, least = 1): number {
  const value = fields[name]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
  throw new SyntaxError(`its ${name} is no count`)
}

/** A position or revision as the wire says it: in decimal, as long as 64 bits need. */
export function numberIn(value: unknown): bigint {
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value)
  throw new SyntaxError(`no position: ${String(value).slice(0, 40)}`)
}
