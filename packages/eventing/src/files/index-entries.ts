import { crc32 } from 'node:zlib'
import type { Indexed, IndexPage } from '../log-index.ts'

// An entry, all numbers little-endian: position (8), time (8, a double), CRC-32 of the correlation (4) and of the id
// (4), the number of its scope (3), its mark (1), and the CRC-32 of all that (4).
export const entryBytes = 32
const crcAt = entryBytes - 4

export function writeEntry(bytes: Buffer, at: number, entry: Indexed & { scopeNumber: number }) {
  bytes.writeBigUInt64LE(entry.position, at)
  bytes.writeDoubleLE(entry.timeMs, at + 8)
  bytes.writeUInt32LE(crc32(entry.correlation), at + 16)
  bytes.writeUInt32LE(crc32(entry.id), at + 20)
  bytes.writeUIntLE(entry.scopeNumber, at + 24, 3)
  bytes.writeUInt8(entry.mark, at + 27)
  bytes.writeUInt32LE(crc32(bytes.subarray(at, at + crcAt)), at + crcAt)
}

/** A page of entries in their file form. */
export class EntryPage implements IndexPage {
  readonly count: number
  readonly #bytes: Buffer
  readonly #scopes: readonly string[]

  constructor(bytes: Buffer, scopes: readonly string[] = []) {
    this.#bytes = bytes
    this.#scopes = scopes
    this.count = Math.floor(bytes.length / entryBytes)
  }

  positionAt(place: number): bigint {
    return this.#bytes.readBigUInt64LE(place * entryBytes)
  }

  timeMsAt(place: number): number {
    return this.#bytes.readDoubleLE(place * entryBytes + 8)
  }

  scopeAt(place: number): string {
    return this.#scopes[this.#scopeNumberAt(place)] ?? ''
  }

  markAt(place: number): number {
    return this.#bytes.readUInt8(place * entryBytes + 27)
  }

  correlationAt(place: number): number {
    return this.#bytes.readUInt32LE(place * entryBytes + 16)
  }

  *placesOf(correlation: string): Iterable<number> {
    const wanted = crc32(correlation)
    for (let place = 0; place < this.count; place++) {
      if (this.correlationAt(place) === wanted) yield place
    }
  }

  isOfEvent(place: number, id: string): boolean {
    return this.#bytes.readUInt32LE(place * entryBytes + 20) === crc32(id)
  }

  /** How many entries from the start have a correct checksum. */
  get intact(): number {
    for (let place = 0; place < this.count; place++) {
      const at = place * entryBytes
      const isWhole =
        crc32(this.#bytes.subarray(at, at + crcAt)) === this.#bytes.readUInt32LE(at + crcAt)
      if (!isWhole || this.#scopeNumberAt(place) >= this.#scopes.length) return place
    }
    return this.count
  }

  #scopeNumberAt(place: number): number {
    return this.#bytes.readUIntLE(place * entryBytes + 24, 3)
  }
}
