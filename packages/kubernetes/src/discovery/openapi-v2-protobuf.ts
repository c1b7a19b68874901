import protobuf from 'protobufjs/minimal.js'
import { isJsonObject, type JsonObject } from '../json/json-object.ts'
import type { OpenApiV2 } from './openapi-v2.ts'

type Writer = protobuf.Writer

/** Writes a value as the field with this number; a value of another type is omitted. */
type Put = (writer: Writer, number: number, value: unknown) => void

/** A message: the numbers of its fields by their JSON names, and the field for each `x-…` extension. */
type Message = {
  fields: Readonly<Record<string, readonly [number: number, put: Put]>>
  extensions?: number
}

const [varint, fixed64, delimited] = [0, 1, 2]
const begin = (writer: Writer, number: number, type = delimited): Writer =>
  writer.uint32((number << 3) | type)

const text: Put = (writer, number, value) => {
  if (typeof value === 'string') begin(writer, number).string(value)
}
const texts: Put = (writer, number, value) => {
  for (const each of Array.isArray(value) ? value : [value]) text(writer, number, each)
}
const flag: Put = (writer, number, value) => {
  if (value === true) begin(writer, number, varint).bool(true)
}
const integer: Put = (writer, number, value) => {
  if (typeof value === 'number') begin(writer, number, varint).int64(value)
}
const double: Put = (writer, number, value) => {
  if (typeof value === 'number') begin(writer, number, fixed64).double(value)
}
const within = (writer: Writer, number: number, put: () => void): void => {
  begin(writer, number).fork()
  put()
  writer.ldelim()
}
/** `Any` contains YAML, of which JSON is a subset. */
const any: Put = (writer, number, value) =>
  within(writer, number, () => text(writer, 2, JSON.stringify(value)))
const anys: Put = (writer, number, value) => {
  for (const each of Array.isArray(value) ? value : []) any(writer, number, each)
}
/** A message with a single field for the value. */
const alone =
  (put: Put, field = 1): Put =>
  (writer, number, value) =>
    within(writer, number, () => put(writer, field, value))
const message =
  (of: () => Message): Put =>
  (writer, number, value) => {
    if (isJsonObject(value)) within(writer, number, () => putFields(writer, of(), value))
  }
const messages =
  (put: Put): Put =>
  (writer, number, value) => {
    for (const each of Array.isArray(value) ? value : []) put(writer, number, each)
  }
/** A map: a list of names, each with its value. */
const named =
  (put: Put): Put =>
  (writer, number, value) => {
    for (const [name, each] of Object.entries(isJsonObject(value) ? value : {})) {
      within(writer, number, () => {
        text(writer, 1, name)
        put(writer, 2, each)
      })
    }
  }

function putFields(writer: Writer, { fields, extensions }: Message, value: JsonObject): void {
  for (const [name, each] of Object.entries(value)) {
    const [number, put] = fields[name] ?? []
    if (number !== undefined && put) put(writer, number, each)
    else if (extensions && name.startsWith('x-')) named(any)(writer, extensions, { [name]: each })
  }
}

const schema: Message = {
  fields: {
    ...{ $ref: [1, text], format: [2, text], title: [3, text], description: [4, text] },
    ...{ default: [5, any], multipleOf: [6, double], maximum: [7, double] },
    ...{ exclusiveMaximum: [8, flag], minimum: [9, double], exclusiveMinimum: [10, flag] },
    ...{ maxLength: [11, integer], minLength: [12, integer], pattern: [13, text] },
    ...{ maxItems: [14, integer], minItems: [15, integer], uniqueItems: [16, flag] },
    ...{ maxProperties: [17, integer], minProperties: [18, integer], required: [19, texts] },
    ...{ enum: [20, anys], additionalProperties: [21, alone(message(() => schema))] },
    ...{ type: [22, alone(texts)], items: [23, alone(message(() => schema))] },
    properties: [25, alone(named(message(() => schema)))],
  },
  extensions: 31,
}
const bodyParameter: Message = {
  fields: {
    name: [2, text],
    in: [3, text],
    required: [4, flag],
    schema: [5, message(() => schema)],
  },
}
const queryParameter: Message = {
  fields: { in: [2, text], name: [4, text], type: [6, text], uniqueItems: [20, flag] },
}
const pathParameter: Message = {
  fields: {
    ...{ required: [1, flag], in: [2, text], name: [4, text], type: [5, text] },
    uniqueItems: [19, flag],
  },
}
/** One of several kinds, each a message within others. */
const parameter: Put = (writer, number, value) => {
  const place = isJsonObject(value) ? value.in : undefined
  const body = alone(message(() => bodyParameter))
  const other = (field: number, of: Message) =>
    alone(
      alone(
        message(() => of),
        field,
      ),
      2,
    )
  const put = { body, query: other(3, queryParameter), path: other(4, pathParameter) }
  if (place === 'body' || place === 'query' || place === 'path') {
    alone(put[place])(writer, number, value)
  }
}
const operation: Message = {
  fields: { consumes: [7, texts], parameters: [8, messages(parameter)] },
  extensions: 13,
}
const path: Message = {
  fields: {
    ...Object.fromEntries(
      Object.entries({ get: 2, put: 3, post: 4, delete: 5, patch: 8 }).map(([method, number]) => [
        method,
        [number, message(() => operation)] as const,
      ]),
    ),
    parameters: [9, messages(parameter)],
  },
}
const info: Message = { fields: { title: [1, text], version: [2, text] } }
const document: Message = {
  fields: {
    swagger: [1, text],
    info: [2, message(() => info)],
    paths: [8, alone(named(message(() => path)), 2)],
    definitions: [9, alone(named(message(() => schema)))],
  },
}

/** Encodes a document as gnostic's `openapi.v2.Document`, without the responses of operations. */
export function openApiV2Protobuf(given: OpenApiV2): Uint8Array {
  const writer = protobuf.Writer.create()
  putFields(writer, document, given)
  return writer.finish()
}
