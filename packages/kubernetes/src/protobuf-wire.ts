import { badRequest } from './refusals.ts'

/** One field of a message as it lies on the wire: a number, or bytes. */
export type WireField = { number: number; value: bigint | Uint8Array }

const varintBitsMax = 70n
/** Widths of the wire types that no served kind has a field of. */
const skipped: Readonly<Record<number, number>> = { 1: 8, 5: 4 }

/** The fields of a protobuf message, in the order in which they lie there; refuses what is none. */
export function* wireFields(bytes: Uint8Array): Iterable<WireField> {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < varintBitsMax; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) break
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw malformed()
  }
  while (at < bytes.length) {
    const key = varint()
    const [number, type] = [Number(key >> 3n), Number(key & 7n)]
    if (type === 0) {
      yield { number, value: varint() }
      continue
    }
    const length = type === 2 ? Number(varint()) : skipped[type]
    if (length === undefined || at + length > bytes.length) throw malformed()
    if (type === 2) yield { number, value: bytes.subarray(at, at + length) }
    at += length
  }
}

/** The field must hold bytes. */
export function bytesOf({ value }: Pick<WireField, 'value'>): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw malformed()
}

/** The field must hold a number; negative ones lie there as 64 bits. One that would be rounded stays a bigint. */
export function integerOf({ value }: Pick<WireField, 'value'>): number | bigint {
  if (typeof value !== 'bigint') throw malformed()
  const exact = BigInt.asIntN(64, value)
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact
}

/** The field must hold text. */
export function textOf(field: Pick<WireField, 'value'>): string {
  return new TextDecoder().decode(bytesOf(field))
}

const malformed = () => badRequest('the request body is no protobuf message of Kubernetes')
