import { isJsonObject, type JsonObject } from '../json/json-object.ts'
import { badRequest } from '../refusals.ts'
import type { GroupVersion } from '../resource.ts'
import data from '../schemas/protobuf-fields.json' with { type: 'json' }
import type { Schema } from '../schemas/schema.ts'
import { referredName, schemaName, schemas } from '../schemas/schemas.ts'
import { secondsOf } from '../seconds.ts'
import { bytesOf, integerOf, textOf, type WireField, wireFields } from './protobuf-wire.ts'

/**
 * Kubernetes' protobuf encoding, which newer kubectls send by default:
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
 */
export const protobufMediaType = 'application/vnd.kubernetes.protobuf'

/** A field's name, with a `*` before it where absent differs from zero; or nested fields that JSON inlines. */
type Numbered = { readonly [number: string]: string | Numbered }

const numbered: Readonly<Record<string, Numbered>> = data
const magic = [0x6b, 0x38, 0x73, 0]

const metaV1 = 'io.k8s.apimachinery.pkg.apis.meta.v1'

/** Options are encoded in the group and version of the resource. */
const isOptions = (kind: string): boolean => kind.endsWith('Options')

/** Decodes protobuf into the object's JSON form; refuses with 400 what is not of a served kind. */
export function fromProtobuf(body: Uint8Array): JsonObject {
  if (!magic.every((byte, index) => body[index] === byte)) {
    throw badRequest('the request body does not begin as protobuf of Kubernetes does')
  }
  const envelope = new Map(
    Iterator.from(wireFields(body.subarray(magic.length))).map((field) => [field.number, field]),
  )
  const type = texts(envelope.get(1))
  const [apiVersion = '', kind = ''] = [type.get(1), type.get(2)]
  const [version = '', group = ''] = apiVersion.split('/').toReversed()
  const name = schemaOf({ group, version }, kind)
  if (!numbered[name]) {
    throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`)
  }
  const raw = envelope.get(2)
  return { apiVersion, kind, ...(raw && messageOf(name, bytesOf(raw))) }
}

function schemaOf(groupVersion: GroupVersion, kind: string): string {
  if (isOptions(kind)) return `${metaV1}.${kind}`
  // Its older version has the same fields.
  const { group } = groupVersion
  const isEviction = group === 'policy' && kind === 'Eviction'
  return schemaName(isEviction ? { group, version: 'v1' } : groupVersion, kind)
}

const texts = (field: WireField | undefined): Map<number, string> =>
  new Map(
    field && Iterator.from(wireFields(bytesOf(field))).map((part) => [part.number, textOf(part)]),
  )

function messageOf(name: string, bytes: Uint8Array): JsonObject {
  const object: JsonObject = {}
  fill(object, schemas[name] ?? {}, numbered[name] ?? {}, bytes)
  return object
}

function fill(object: JsonObject, schema: Schema, fields: Numbered, bytes: Uint8Array): void {
  for (const field of wireFields(bytes)) {
    const known = fields[field.number]
    if (known === undefined) continue
    if (typeof known === 'object') {
      fill(object, schema, known, bytesOf(field))
      continue
    }
    const isOptional = known.startsWith('*')
    const key = isOptional ? known.slice(1) : known
    const property = schema.properties?.[key]
    if (property) add(object, { key, property, isOptional }, field)
  }
}

type FieldTarget = { key: string; property: Schema; isOptional: boolean }

function add(
  object: JsonObject,
  { key, property, isOptional }: FieldTarget,
  field: WireField,
): void {
  if (property.type === 'array') {
    const list = Array.isArray(object[key]) ? object[key] : []
    object[key] = list
    list.push(jsonOf(property.items ?? {}, field))
  } else if (property.additionalProperties) {
    const map = isJsonObject(object[key]) ? object[key] : {}
    object[key] = map
    const entry = new Map(Iterator.from(wireFields(bytesOf(field))).map((it) => [it.number, it]))
    const [name, value] = [entry.get(1), entry.get(2) ?? { value: new Uint8Array() }]
    // Defined rather than assigned, because a key may be called `__proto__`.
    Object.defineProperty(map, name ? textOf(name) : '', {
      ...{ configurable: true, enumerable: true, writable: true },
      value: jsonOf(property.additionalProperties, value),
    })
  } else {
    const value = jsonOf(property, field)
    // Upstream also encodes zeros that JSON omits.
    if (isOptional || !isZero(value)) object[key] = value
  }
}

const isZero = (value: unknown): boolean =>
  value === '' ||
  value === 0 ||
  value === false ||
  value === null ||
  (typeof value === 'object' && Object.keys(value).length === 0)

function jsonOf(schema: Schema, field: Pick<WireField, 'value'>): unknown {
  const name = referredName(schema)
  if (name !== undefined) {
    const short = name.slice(name.lastIndexOf('.') + 1)
    return (wellKnown[short] ?? ((bytes) => messageOf(name, bytes)))(bytesOf(field))
  }
  if (schema.type === 'integer') return integerOf(field)
  if (schema.type === 'boolean') return integerOf(field) !== 0
  if (schema.format === 'byte') return bytesOf(field).toBase64()
  return textOf(field)
}

/** Types whose JSON form is not an object with their fields. */
const wellKnown: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  Quantity: (bytes) => {
    const [text] = wireFields(bytes)
    return text ? textOf(text) : '0'
  },
  IntOrString: (bytes) => {
    const parts = new Map(Iterator.from(wireFields(bytes)).map((part) => [part.number, part]))
    const [type, number, text] = [parts.get(1), parts.get(2), parts.get(3)]
    if (type && integerOf(type) === 1) return text ? textOf(text) : ''
    return number ? integerOf(number) : 0
  },
  Time: (bytes) => {
    const [seconds] = wireFields(bytes)
    if (!seconds) return null
    return secondsOf(Number(integerOf(seconds)) * 1000)
  },
  FieldsV1: (bytes) => {
    const [raw] = wireFields(bytes)
    try {
      return raw ? JSON.parse(textOf(raw)) : {}
    } catch {
      throw badRequest('metadata.managedFields holds no JSON')
    }
  },
}
