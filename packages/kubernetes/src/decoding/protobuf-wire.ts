import protobuf from 'protobufjs/minimal.js'
import { badRequest } from '../refusals.ts'

/** A field in the wire format: a number, or bytes. */
export type WireField = { number: number; value: number | bigint | Uint8Array }

/** The fields of a protobuf message in their order; refuses an invalid message. */
export function* wireFields(bytes: Uint8Array): Iterable<WireField> {
  const reader = protobuf.Reader.create(bytes)
  while (reader.pos < reader.len) {
    const field = nextField(reader)
    if (field !== undefined) yield field
  }
}

/** The next field; undefined for wire types that no served kind uses. */
function nextField(reader: protobuf.Reader): WireField | undefined {
  try {
    const tag = reader.uint32()
    const [number, type] = [tag >>> 3, tag & 7]
    if (type === 0) return { number, value: exact(reader.int64()) }
    if (type === 2) return { number, value: reader.bytes() }
    if (type === 1 || type === 5) reader.skipType(type)
    else throw malformed()
    return undefined
  } catch {
    throw malformed()
  }
}

/** Negative numbers are encoded in 64 bits. A number that would be rounded is a bigint. */
function exact(integer: number | protobuf.Long): number | bigint {
  const number = Number(integer)
  return Number.isSafeInteger(number) ? number : BigInt(integer.toString())
}

/** The field must hold bytes. */
export function bytesOf({ value }: Pick<WireField, 'value'>): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw malformed()
}

/** The field must hold a number; one that would be rounded is a bigint. */
export function integerOf({ value }: Pick<WireField, 'value'>): number | bigint {
  if (value instanceof Uint8Array) throw malformed()
  return value
}

/** The field must hold text. */
export function textOf(field: Pick<WireField, 'value'>): string {
  return new TextDecoder().decode(bytesOf(field))
}

const malformed = () => badRequest('the request body is no protobuf message of Kubernetes')
