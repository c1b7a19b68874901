import { messageOf } from '../error-message.ts'
import { type FieldError, invalidValue } from '../field-error.ts'
import { badRequest } from '../refusals.ts'
import { StatusError } from '../status-error.ts'
import { joinPath } from './duplicate-fields.ts'
import { checkDepth } from './json-depth.ts'
import { isJsonObject, type JsonObject, setField } from './json-object.ts'

/** A number with enough digits to be rounded; may also match within a string. */
const longNumber = /[:[,]\s*-?[\d.]{16}/

/**
 * A JSON text as a value in which no number was rounded: an integer beyond 2⁵³ is a bigint. A fraction that would
 * become a whole number is refused. Throws `SyntaxError` for what is no JSON.
 */
export function parseJson(text: string): unknown {
  const value: unknown = longNumber.test(text) ? JSON.parse(text, exactly) : JSON.parse(text)
  return inUnicode(text, value)
}

/** A lone surrogate cannot be encoded in UTF-8 and so occurs only as an escape. */
const surrogate = /\\u[dD][89a-fA-F]/

/** Replaces each lone surrogate by U+FFFD, as Go's decoder does. */
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

/** Why a text is not JSON, in the words of Go's decoder. */
export function jsonProblem(error: unknown): string {
  const message = messageOf(error)
  const [, unexpected] = /^Unexpected token '(.+?)'/s.exec(message) ?? []
  if (unexpected === undefined) return `${message.charAt(0).toLowerCase()}${message.slice(1)}`
  return `invalid character '${unexpected}' looking for beginning of value`
}

/**
 * Whether serializing the value yields this very text: then no field occurs twice, which is faster than searching for
 * duplicates.
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

/** The error for a 64-bit integer that would be rounded. */
export function inexact(field: string, value: unknown): FieldError {
  return invalidValue(field, value, detail)
}

/** Refuses, naming the field, a patch or an object without schema in which a number would be rounded. */
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
