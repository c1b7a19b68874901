import { EncodedEvent, encodedOf } from '../log/encoded-event.ts'
import type { RecordedEvent } from '../log/event.ts'
import type { Kept, KeptSpan } from '../segments.ts'
import type { SupersededFinder } from '../superseded.ts'

// A record is its kind (1 byte) and content by kind; all numbers are little-endian. A name: its
// length (2) and its bytes; each stream and type is written once in a file and then referred to by
// its number. A withheld event: its position (8). Any other event: position (8), revision (8),
// numbers of stream (4) and type (4), lengths of id (1), metadata (4) and data (4), and their
// bytes. The kind of an event that supersedes what is before it in its stream has one more bit.
const kinds = ['Name', 'Withheld', 'Nothing', 'Json', 'Bytes'] as const
const kindOf = (kind: (typeof kinds)[number]): number => kinds.indexOf(kind)
const supersedingBit = 0x80
const withheldBytes = 9
const eventHead = 34
const nameMax = 0xffff

/** A name as it stands among the bytes that were read. */
type EncodedName = { bytes: Buffer; begin: number; end: number }

/** After every position. */
const never = 1n << 64n

/**
 * The names in a file so far, by number, and from where on the events of which streams are wanted. They are decoded when
 * first needed, because a reader passes over most of them.
 */
export class Names {
  readonly #names: (string | EncodedName)[] = []
  #numbers: Map<string, number> | undefined
  readonly #span: Pick<KeptSpan, 'isWanted' | 'superseded'>
  readonly #wantedFrom: bigint[] = []

  constructor(span: Pick<KeptSpan, 'isWanted' | 'superseded'> = {}) {
    this.#span = span
  }

  numberOf(text: string): number | undefined {
    this.#numbers ??= new Map(this.#names.map((_, number) => [this.textOf(number), number]))
    return this.#numbers.get(text)
  }

  add(name: string | EncodedName): number {
    const number = this.#names.push(name) - 1
    this.#numbers?.set(this.textOf(number), number)
    return number
  }

  textOf(number: number): string {
    const name = this.#names[number]
    if (name === undefined) throw new Error(`a segment has no name ${number}`)
    if (typeof name === 'string') return name
    const text = name.bytes.toString('utf8', name.begin, name.end)
    this.#names[number] = text
    return text
  }

  /** The position from which on the events of a stream are wanted. */
  wantedFrom(number: number): bigint {
    this.#wantedFrom[number] ??= this.#wantedFromOf(this.textOf(number))
    return this.#wantedFrom[number]
  }

  #wantedFromOf(stream: string): bigint {
    const { isWanted, superseded } = this.#span
    if (isWanted?.(stream) === false) return never
    return superseded?.before.get(stream) ?? 0n
  }
}

/** Encodes records into one buffer. */
export class RecordEncoder {
  readonly #names: Names
  #bytes = Buffer.allocUnsafe(64 * 1024)
  #length = 0

  constructor(names: Names) {
    this.#names = names
  }

  add(kept: Kept, isSuperseding = false): void {
    if ('withheld' in kept) this.#addWithheld(kept.position)
    else this.#addEvent(kept, isSuperseding ? supersedingBit : 0)
  }

  /** The bytes added since the last call; valid until the next `add`. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#length = 0
    return taken
  }

  #addWithheld(position: bigint): void {
    const at = this.#grow(withheldBytes)
    this.#bytes.writeUInt8(kindOf('Withheld'), at)
    this.#bytes.writeBigUInt64LE(position, at + 1)
  }

  #addEvent(event: RecordedEvent, bit: number): void {
    const [stream, type] = [this.#number(event.stream), this.#number(event.type)]
    const { form, data, metadata } = encodedOf(event)
    const idLength = Buffer.byteLength(event.id)
    const at = this.#grow(eventHead + idLength + metadata.length + data.length)
    const bytes = this.#bytes
    bytes.writeUInt8(kindOf(form) | bit, at)
    bytes.writeBigUInt64LE(event.position, at + 1)
    bytes.writeBigUInt64LE(event.revision, at + 9)
    bytes.writeUInt32LE(stream, at + 17)
    bytes.writeUInt32LE(type, at + 21)
    bytes.writeUInt8(idLength, at + 25)
    bytes.writeUInt32LE(metadata.length, at + 26)
    bytes.writeUInt32LE(data.length, at + 30)
    bytes.write(event.id, at + eventHead)
    bytes.set(metadata, at + eventHead + idLength)
    bytes.set(data, at + eventHead + idLength + metadata.length)
  }

  #number(text: string): number {
    const known = this.#names.numberOf(text)
    if (known !== undefined) return known
    const length = Buffer.byteLength(text)
    if (length > nameMax) throw new Error('a name is too long for a segment')
    const at = this.#grow(3 + length)
    this.#bytes.writeUInt8(kindOf('Name'), at)
    this.#bytes.writeUInt16LE(length, at + 1)
    this.#bytes.write(text, at + 3)
    return this.#names.add(text)
  }

  /** Reserves bytes at the end and returns their offset. */
  #grow(count: number): number {
    const at = this.#length
    this.#length += count
    if (this.#length > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes.subarray(0, at)], 2 * this.#length)
    }
    return at
  }
}

type Decoding = {
  names: Names
  after?: bigint | undefined
  upTo?: bigint | undefined
  found: Kept[]
}

/**
 * Decodes the records after a position and up to another, and collects the names; returns the position of the last
 * record.
 */
export function decodeRecords(bytes: Buffer, { names, after = -1n, upTo, found }: Decoding) {
  let last: bigint | undefined
  eachRecord(bytes, names, (kind, at, end) => {
    const position = bytes.readBigUInt64LE(at + 1)
    last = position
    if (position <= after || (upTo !== undefined && position > upTo)) return
    if (kind === kindOf('Withheld')) found.push({ position, withheld: true })
    else if (position >= names.wantedFrom(bytes.readUInt32LE(at + 17))) {
      found.push(eventAt(bytes.subarray(at, end), names))
    }
  })
  return last
}

type Noting = { names: Names; after?: bigint | undefined; finder: SupersededFinder }

/** Shows the records after a position to a finder of what is superseded; returns the position of the last record. */
export function noteRecords(bytes: Buffer, { names, after = -1n, finder }: Noting) {
  let last: bigint | undefined
  eachRecord(bytes, names, (kind, at) => {
    const position = bytes.readBigUInt64LE(at + 1)
    last = position
    if (position <= after) return
    finder.pass()
    if (kind & supersedingBit) finder.note(names.textOf(bytes.readUInt32LE(at + 17)), position)
  })
  return last
}

/** Collects the names, and calls back with the place of each other record. */
function eachRecord(
  bytes: Buffer,
  names: Names,
  take: (kind: number, at: number, end: number) => void,
): void {
  for (let at = 0; at < bytes.length; ) {
    const kind = bytes.readUInt8(at)
    if (kind === kindOf('Name')) {
      const end = at + 3 + bytes.readUInt16LE(at + 1)
      names.add({ bytes, begin: at + 3, end })
      at = end
      continue
    }
    const end = at + (kind === kindOf('Withheld') ? withheldBytes : lengthOfEvent(bytes, at))
    take(kind, at, end)
    at = end
  }
}

const lengthOfEvent = (bytes: Buffer, at: number): number =>
  eventHead + bytes.readUInt8(at + 25) + bytes.readUInt32LE(at + 26) + bytes.readUInt32LE(at + 30)

function eventAt(record: Buffer, names: Names): RecordedEvent {
  const form = kinds[record.readUInt8(0) & ~supersedingBit]
  if (form !== 'Nothing' && form !== 'Json' && form !== 'Bytes') {
    throw new Error('a segment has a record of no kind')
  }
  const idEnd = eventHead + record.readUInt8(25)
  // Copied, so that keeping one event does not keep the whole buffer that was read.
  const content = Buffer.from(record.subarray(idEnd))
  const metadataLength = record.readUInt32LE(26)
  return new EncodedEvent(
    {
      id: record.toString('utf8', eventHead, idEnd),
      type: names.textOf(record.readUInt32LE(21)),
      stream: names.textOf(record.readUInt32LE(17)),
      revision: record.readBigUInt64LE(9),
      position: record.readBigUInt64LE(1),
    },
    {
      form,
      metadata: content.subarray(0, metadataLength),
      data: content.subarray(metadataLength),
    },
  )
}
