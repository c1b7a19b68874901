import { messageOf } from '../error-message.ts'
import { type FieldError, invalidValue } from '../field-error.ts'
import { badRequest } from '../refusals.ts'
import { StatusError } from '../status-error.ts'
import { joinPath } from './duplicate-fields.ts'
import { checkDepth } from './json-depth.ts'
import { isJsonObject, type JsonObject, setField } from './json-object.ts'

/** A number of so many digits that a JavaScript number may not hold it; such text may lie in a string, too. */
const longNumber = /[:[,]\s*-?[\d.]{16}/

/**
 * A JSON text as a value in which no number was rounded: an integer beyond 2⁵³ is a bigint. A fraction that would
 * become a whole number is refused. Throws `SyntaxError` for what is no JSON.
 */
export function parseJson(text: string): unknown {
  const value: unknown = longNumber.test(text) ? JSON.parse(text, exactly) : JSON.parse(text)
  return inUnicode(text, value)
}

/** Half of a character, which no UTF-8 can say, comes into a text only as an escape. */
const surrogate = /\\u[dD][89a-fA-F]/

/** What was read of a text, with U+FFFD for each lone surrogate in it, as Go's decoder reads them. */
export function inUnicode(text: string, value: unknown): unknown {
  if (!surrogate.test(text)) return value
  checkDepth(value)
  return wellFormed(value)
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(wellFormed)
  if (!isJsonObject(value)) return value
  const result: JsonObject = {}
  for (const [name, child] of Object.entries(value)) {
    setField(result, name.toWellFormed(), wellFormed(child))
  }
  return result
}

/** What is wrong with a text that is no JSON, in the words of Go's decoder. */
export function jsonProblem(error: unknown): string {
  const message = messageOf(error)
  const [, unexpected] = /^Unexpected token '(.+?)'/s.exec(message) ?? []
  if (unexpected === undefined) return `${message.charAt(0).toLowerCase()}${message.slice(1)}`
  return `invalid character '${unexpected}' looking for beginning of value`
}

/**
 * Whether a text is just what its value is written as. Then no field occurs in it twice, and to know that takes a
 * fraction of what it takes to look for one.
 */
export function isPlain(text: string, value: unknown): boolean {
  return !longNumber.test(text) && JSON.stringify(value) === text.trimEnd()
}

function exactly(field: string, value: unknown, { source = '' } = { source: '' }): unknown {
  if (typeof value !== 'number' || !Number.isInteger(value)) return value
  if (/^-?\d+$/.test(source)) return Number.isSafeInteger(value) ? value : BigInt(source)
  const [, fraction = ''] = /\.(\d+)/.exec(source) ?? []
  if (!/[1-9]/.test(fraction) || /e/i.test(source)) return value
  throw badRequest(`json: the number ${source} of the field ${field} has too many digits`)
}

const detail = `must be between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}, inclusive`

/** An integer of 64 bits that would be rounded if it were kept. */
export function inexact(field: string, value: unknown): FieldError {
  return invalidValue(field, value, detail)
}

/** Refuses a patch or an object that has no schema, naming the field, where a number in it would be rounded. */
export function checkExact(value: unknown): void {
  checkDepth(value)
  const causes = inexactIn(value, '')
  if (causes.length === 0) return
  const texts = causes.map(({ field, message }) => `${field}: ${message}`)
  throw new StatusError('Invalid', `the request is invalid: ${texts.join(', ')}`, { causes })
}

function inexactIn(value: unknown, path: string): readonly FieldError[] {
  if (typeof value === 'bigint') return [inexact(path, value)]
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => inexactIn(item, `${path}[${index}]`))
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([field, child]) => inexactIn(child, joinPath(path, field)))
}
