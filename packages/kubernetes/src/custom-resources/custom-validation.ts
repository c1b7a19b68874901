import { duplicate, type FieldError, invalidValue, notSupported, required } from '../field-error.ts'
import { isDeepEqual } from '../json/deep-equal.ts'
import { joinPath } from '../json/duplicate-fields.ts'
import { isJsonObject, type JsonObject } from '../json/json-object.ts'
import type { Schema } from '../schemas/schema.ts'
import { isIntOrString } from './custom-schema.ts'
import { formatProblem } from './formats.ts'
import { matchesPattern } from './patterns.ts'

/** The violations of a schema in a value, in the words of kube-openapi's validator. */
export function validateCustom(schema: Schema, value: unknown, path: string): FieldError[] {
  if (value === null && schema.nullable) return []
  const mistyped = typeErrors(schema, value, path)
  if (mistyped.length > 0) return mistyped
  return [
    ...enumErrors(schema, value, path),
    ...(typeof value === 'string' ? stringErrors(schema, value, path) : []),
    ...(typeof value === 'number' ? numberErrors(schema, value, path) : []),
    ...(Array.isArray(value) ? listErrors(schema, value, path) : []),
    ...(isJsonObject(value) ? objectErrors(schema, value, path) : []),
    ...combinedErrors(schema, value, path),
  ]
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function typeErrors(schema: Schema, value: unknown, path: string): FieldError[] {
  const is = typeOf(value)
  const wanted = isIntOrString(schema) ? ['integer', 'string'] : schema.type ? [schema.type] : []
  const isWanted = wanted.includes(is) || (is === 'integer' && wanted.includes('number'))
  if (wanted.length === 0 || isWanted) return []
  const shown = JSON.stringify(is)
  const message = `Invalid value: ${shown}: ${path} in body must be of type ${wanted.join(',')}: ${shown}`
  return [{ reason: 'FieldValueTypeInvalid', field: path, message }]
}

function enumErrors({ enum: allowed }: Schema, value: unknown, path: string): FieldError[] {
  if (!allowed || allowed.some((each) => isDeepEqual(each, value))) return []
  return [notSupported(path, value, allowed.map(textOf))]
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

/** An error whose message repeats the field, as upstream's does. */
const broken = (path: string, value: unknown, rule: string): FieldError =>
  invalidValue(path, value, `${path} in body ${rule}`)

function stringErrors(schema: Schema, value: string, path: string): FieldError[] {
  const { minLength, maxLength, pattern, format } = schema
  const length = [...value].length
  const errors: FieldError[] = []
  if (maxLength !== undefined && length > maxLength) {
    const message = `Too long: may not be more than ${maxLength} bytes`
    errors.push({ reason: 'FieldValueTooLong', field: path, message })
  }
  if (minLength !== undefined && length < minLength) {
    errors.push(broken(path, value, `should be at least ${minLength} chars long`))
  }
  if (pattern !== undefined && !matchesPattern(pattern, value)) {
    errors.push(broken(path, value, `should match '${pattern}'`))
  }
  if (format !== undefined && formatProblem(format, value)) {
    errors.push(broken(path, value, `must be of type ${format}: ${JSON.stringify(value)}`))
  }
  return errors
}

function numberErrors(schema: Schema, value: number, path: string): FieldError[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const errors: FieldError[] = []
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    const than = exclusiveMaximum ? 'less than' : 'less than or equal to'
    errors.push(broken(path, value, `should be ${than} ${maximum}`))
  }
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    const than = exclusiveMinimum ? 'greater than' : 'greater than or equal to'
    errors.push(broken(path, value, `should be ${than} ${minimum}`))
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    errors.push(broken(path, value, `should be a multiple of ${multipleOf}`))
  }
  return errors
}

function tooMany(path: string, count: number, max: number, what: string): FieldError {
  const message = `Too many: ${count}: must have at most ${max} ${what}`
  return { reason: 'FieldValueTooMany', field: path, message }
}

function listErrors(schema: Schema, value: readonly unknown[], path: string): FieldError[] {
  const { minItems, maxItems, items } = schema
  const count = value.length
  return [
    ...(maxItems !== undefined && count > maxItems
      ? [tooMany(path, count, maxItems, 'items')]
      : []),
    ...(minItems !== undefined && count < minItems
      ? [broken(path, count, `should have at least ${minItems} items`)]
      : []),
    ...uniqueErrors(schema, value, path),
    ...(items ? value.flatMap((item, n) => validateCustom(items, item, `${path}[${n}]`)) : []),
  ]
}

/** Checks that the items of a set or map list differ in their value or keys. */
function uniqueErrors(schema: Schema, value: readonly unknown[], path: string): FieldError[] {
  const type = schema['x-kubernetes-list-type']
  if (type !== 'set' && type !== 'map') return []
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const seen = new Set<string>()
  return value.flatMap((item, n) => {
    const fields = isJsonObject(item) ? item : {}
    const key = type === 'set' ? item : Object.fromEntries(keys.map((name) => [name, fields[name]]))
    const text = JSON.stringify(key)
    if (seen.has(text)) return [duplicate(`${path}[${n}]`, key)]
    seen.add(text)
    return []
  })
}

function objectErrors(schema: Schema, value: JsonObject, path: string): FieldError[] {
  const { properties = {}, additionalProperties, minProperties, maxProperties } = schema
  const count = Object.keys(value).length
  const missing = (schema.required ?? []).filter((field) => !Object.hasOwn(value, field))
  return [
    ...missing.map((field) => required(joinPath(path, field))),
    ...(maxProperties !== undefined && count > maxProperties
      ? [tooMany(path, count, maxProperties, 'items')]
      : []),
    ...(minProperties !== undefined && count < minProperties
      ? [broken(path, count, `should have at least ${minProperties} properties`)]
      : []),
    ...Object.entries(value).flatMap(([field, child]) => {
      const known = Object.hasOwn(properties, field) ? properties[field] : additionalProperties
      return known ? validateCustom(known, child, joinPath(path, field)) : []
    }),
  ]
}

function combinedErrors(schema: Schema, value: unknown, path: string): FieldError[] {
  const { allOf = [], anyOf = [], oneOf = [], not } = schema
  const isValid = (each: Schema) => validateCustom(each, value, path).length === 0
  const valid = oneOf.filter(isValid).length
  const one = 'must validate one and only one schema (oneOf).'
  const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`
  return [
    ...allOf.flatMap((each) => validateCustom(each, value, path)),
    ...(anyOf.length > 0 && !anyOf.some(isValid)
      ? [broken(path, value, 'must validate at least one schema (anyOf)')]
      : []),
    ...(oneOf.length > 0 && valid !== 1 ? [broken(path, value, `${one} ${found}`)] : []),
    ...(not && isValid(not) ? [broken(path, value, 'must not validate the schema (not)')] : []),
  ]
}
