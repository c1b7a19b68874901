import { isJsonObject } from '@reckon/kubernetes'

/** The fields of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>

const decoder = new TextDecoder()
const textMax = 4096

/** Parses JSON from the wire; like all parsers here, it throws SyntaxError where the input is invalid. */
export const jsonIn = (data: Uint8Array): unknown => JSON.parse(decoder.decode(data))

export function fieldsOf(value: unknown, what = 'it'): Fields {
  if (isJsonObject(value)) return value
  throw new SyntaxError(`${what} is no object`)
}

/** A text that is not empty and not too long. */
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

/** A whole number of at least `least` that JSON represents exactly. */
export function countAt(fields: Fields, name: string, least = 1): number {
  const value = fields[name]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
  throw new SyntaxError(`its ${name} is no count`)
}

/** A position or revision in its form on the wire: decimal digits of a 64-bit number. */
export function numberIn(value: unknown): bigint {
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value)
  throw new SyntaxError(`no position: ${String(value).slice(0, 40)}`)
}
