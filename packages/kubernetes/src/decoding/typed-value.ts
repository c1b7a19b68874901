import { joinPath } from '../json/duplicate-fields.ts'
import { inexact } from '../json/exact-json.ts'
import { isJsonObject, type JsonObject, setField } from '../json/json-object.ts'
import { canonicalQuantity } from '../quantity.ts'
import { badRequest } from '../refusals.ts'
import type { Schema } from '../schemas/schema.ts'
import { referredName, resolved } from '../schemas/schemas.ts'
import type { Findings } from './findings.ts'
import { isOmitted } from './omitted-zeros.ts'

/** The position of a value: its path, the Go field for messages, and the findings so far. */
type FieldContext = { path: string; owner: string; found: Findings }

/**
 * Decodes a value by its schema, as Go's decoder does: nulls and unknown fields are omitted (and the latter's paths
 * recorded), quantities become canonical, and a wrong type is refused with 400.
 */
export function typedValue(schema: Schema, value: unknown, context: FieldContext): unknown {
  const type = typeName(schema)
  const found = resolved(schema)
  if (type === 'Quantity') return quantity(value)
  if (type === 'IntOrString') return intOrString(value, context)
  if (type === 'Time' || type === 'MicroTime') return time(value, context)
  if (type === 'JSONSchemaPropsOrBool' || type === 'JSONSchemaPropsOrArray') {
    return typeof value === 'boolean' ? value : typedValue(jsonSchemaProps, value, context)
  }
  if (found.properties)
    return struct({ schema: found, type: type || context.owner }, value, context)
  if (found.additionalProperties) return map(found.additionalProperties, value, context)
  if (found.items) return list(found.items, value, context)
  return scalar(found, value, context)
}

/** For places where a schema may be `true`, or a list that no structural schema has. */
const jsonSchemaProps: Schema = {
  $ref: '#/components/schemas/io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps',
}

/** Decodes the metadata of an object whose kind has a schema of its own. */
export const typedMetadata = (value: JsonObject, path: string, found: Findings): unknown =>
  typedValue(objectMeta, value, { path, owner: 'ObjectMeta', found })

const objectMeta: Schema = {
  $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
}

type Struct = { schema: Schema; type: string }

function struct(
  { schema: { properties = {}, required = [] }, type }: Struct,
  value: unknown,
  context: FieldContext,
): JsonObject {
  if (!isJsonObject(value)) throw mistyped(value, context, `v1.${type}`)
  const result: JsonObject = {}
  for (const [field, child] of Object.entries(value)) {
    const path = joinPath(context.path, field)
    const schema = Object.hasOwn(properties, field) ? properties[field] : undefined
    if (schema === undefined) context.found.unknown.push(path)
    else if (child !== null) {
      const read = typedValue(schema, child, { ...context, path, owner: type })
      if (isKept(schema, read, { type, field, required })) result[field] = read
    }
  }
  return result
}

type Position = { type: string; field: string; required: readonly string[] }

/**
 * Whether a field is kept: upstream omits optional empty lists and maps, and zeros in some types, so an object with
 * them equals one without. An empty `managedFields` is kept, because it is an instruction.
 */
function isKept(schema: Schema, value: unknown, { type, field, required }: Position): boolean {
  if (required.includes(field) || field === 'managedFields') return true
  if (isOmitted(type, field, value)) return false
  const { items, additionalProperties } = resolved(schema)
  if (items) return !Array.isArray(value) || value.length > 0
  return !additionalProperties || !isJsonObject(value) || Object.keys(value).length > 0
}

function map(schema: Schema, value: unknown, context: FieldContext): JsonObject {
  const type = goType(schema)
  if (!isJsonObject(value)) throw mistyped(value, context, `map[string]${type}`)
  const result: JsonObject = {}
  for (const [key, child] of Object.entries(value)) {
    // In a map of strings upstream reads null as the empty string, in other maps as absent.
    if (child === null && schema.type !== 'string') continue
    // The message of Go's decoder names the map, not the key.
    const path = resolved(schema).properties ? joinPath(context.path, key) : context.path
    setField(result, key, typedValue(schema, child ?? '', { ...context, path }))
  }
  return result
}

function list(items: Schema, value: unknown, context: FieldContext): unknown[] {
  if (!Array.isArray(value)) throw mistyped(value, context, `[]${goType(items)}`)
  const zero = resolved(items).properties ? {} : ''
  return value.map((item, index) => {
    // Indexes are part of the path of an unknown field, but not of the message about a wrong type.
    const path = isJsonObject(item) ? `${context.path}[${index}]` : context.path
    return typedValue(items, item ?? zero, { ...context, path })
  })
}

const ranges: Record<string, [bigint, bigint]> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
}

function scalar(schema: Schema, value: unknown, context: FieldContext): unknown {
  switch (schema.type) {
    case 'string':
      if (typeof value !== 'string') throw mistyped(value, context, goType(schema))
      if (schema.format === 'byte' && !isBase64(value)) {
        throw badRequest('illegal base64 data at input byte 0')
      }
      return value
    case 'boolean':
      if (typeof value !== 'boolean') throw mistyped(value, context, 'bool')
      return value
    case 'integer':
      return integer(schema, value, context)
    case 'number':
      if (typeof value !== 'number') throw mistyped(value, context, 'float64')
      return value
    case 'object':
      if (!isJsonObject(value)) throw mistyped(value, context, 'map[string]interface {}')
      return value
    default:
      return value
  }
}

/** A 64-bit integer; recorded as a finding where JavaScript's numbers cannot represent it. */
function integer(schema: Schema, value: unknown, context: FieldContext): unknown {
  const exact = typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value
  const [least, most] = ranges[schema.format ?? 'int64'] ?? [0n, 0n]
  const fits = typeof exact === 'bigint' && exact >= least && exact <= most
  if (!fits) throw mistyped(value, context, goType(schema))
  if (!Number.isSafeInteger(value)) context.found.inexact.push(inexact(context.path, value))
  return value
}

/** Go's standard encoding: whole groups of four, line breaks aside. */
function isBase64(text: string): boolean {
  const characters = text.replaceAll(/[\r\n]/g, '')
  return characters.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(characters)
}

function quantity(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return canonicalQuantity(value)
  if (typeof value === 'bigint') return canonicalQuantity(String(value))
  return canonicalQuantity(JSON.stringify(value))
}

function intOrString(value: unknown, context: FieldContext): unknown {
  if (typeof value === 'string') return value
  return scalar({ type: 'integer', format: 'int32' }, value, context)
}

function time(value: unknown, context: FieldContext): string {
  if (typeof value !== 'string') throw mistyped(value, context, 'string')
  const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
  if (shape.test(value) && !Number.isNaN(Date.parse(value))) return value
  throw badRequest(
    `parsing time "${value}" as "2006-01-02T15:04:05Z07:00": cannot parse "${value}" as "2006"`,
  )
}

/** The Go type of a schema that refers to another one: the last part of its name; empty for others. */
function typeName(schema: Schema): string {
  const name = referredName(schema)
  return name === undefined ? '' : name.slice(name.lastIndexOf('.') + 1)
}

function goType(schema: Schema): string {
  const name = typeName(schema)
  if (name) return `v1.${name}`
  if (schema.items) return `[]${goType(schema.items)}`
  if (schema.additionalProperties) return `map[string]${goType(schema.additionalProperties)}`
  if (schema.format === 'byte') return '[]uint8'
  if (schema.type === 'integer') return schema.format ?? 'int64'
  return schema.type === 'boolean' ? 'bool' : (schema.type ?? 'object')
}

function mistyped(value: unknown, { path, owner }: FieldContext, goTypeName: string) {
  const kind = typeof value === 'bigint' ? 'number' : typeof value
  const type = Array.isArray(value) ? 'array' : kind
  // A number that a number's field cannot hold is named itself.
  const isMisfit = type === 'number' && /^(int|float)/.test(goTypeName)
  const found = isMisfit ? `number ${value}` : type === 'boolean' ? 'bool' : type
  const field = `${owner}.${path.replaceAll(/\[\d+\]/g, '')}`
  return badRequest(
    `json: cannot unmarshal ${found} into Go struct field ${field} of type ${goTypeName}`,
  )
}
