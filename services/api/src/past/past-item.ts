import { listKeyOf, type StoredObject, savedParts, storedIn } from '@reckon/domain'
import type { KubernetesObject } from '@reckon/kubernetes'
import { lastFinder } from './find-bytes.ts'

/** An object in a list of the past. Reading `object` or `stored` may parse it. */
export interface PastItem {
  /** Its `listKeyOf`. */
  readonly key: string
  readonly object: KubernetesObject
  /** The object's JSON, where it is known. */
  readonly json?: Buffer | undefined
  /** How many bytes of JSON it holds. */
  readonly bytes: number
  stored(): StoredObject
}

/** An object that is parsed already. */
export class ParsedItem implements PastItem {
  readonly bytes = 0
  readonly #stored: StoredObject

  constructor(stored: StoredObject) {
    this.#stored = stored
  }

  get key(): string {
    return listKeyOf(this.object)
  }

  get object(): KubernetesObject {
    return this.#stored.object
  }

  stored(): StoredObject {
    return this.#stored
  }
}

/** Where among some bytes an object's record is, its `savedText`, and in that the object. */
export type SavedPlace = {
  bytes: Buffer<ArrayBuffer>
  begin: number
  objectBegin: number
  objectEnd: number
  end: number
}

const quote = '"'.charCodeAt(0)
const backslash = '\\'.charCodeAt(0)
const slash = '/'.charCodeAt(0)
const space = ' '.charCodeAt(0)
const beyondAscii = 0x80
const streamFrom = savedParts.beforeStream.length
const lastAfterObject = lastFinder(Buffer.from(savedParts.afterObject))

/** An object as its `savedText`: parsed each time when read, and passed on as JSON otherwise. */
export class SavedItem implements PastItem {
  readonly place: SavedPlace
  #key: string | undefined

  constructor(place: SavedPlace) {
    this.place = place
  }

  /** Of a record among some bytes. */
  static in(bytes: Buffer<ArrayBuffer>, begin = 0, end = bytes.length): SavedItem {
    const objectBegin = streamEnd(bytes, begin) + savedParts.between.length
    const objectEnd = lastAfterObject(bytes, end)
    return new SavedItem({ bytes, begin, objectBegin, objectEnd, end })
  }

  get key(): string {
    this.#key ??= keyOfStream(streamIn(this.place))
    return this.#key
  }

  get bytes(): number {
    return this.place.end - this.place.begin
  }

  /**
   * Whether its key is before another's of the same resource, as their bytes tell it. Where these are escaped, or not
   * ASCII, the answer is no.
   */
  isSurelyBefore(other: SavedItem): boolean {
    const [one, another] = [this.place.bytes, other.place.bytes]
    let at = this.place.begin + streamFrom
    let otherAt = other.place.begin + streamFrom
    let separator = slash
    for (; one[at] === another[otherAt]; at++, otherAt++) {
      if (one[at] === quote || one[at] === backslash) return false
      if (one[at] === slash) separator = Number.NaN
    }
    return orderOf(separator, one[at]) < orderOf(separator, another[otherAt])
  }

  get json(): Buffer {
    const { bytes, objectBegin, objectEnd } = this.place
    return bytes.subarray(objectBegin, objectEnd)
  }

  get object(): KubernetesObject {
    return this.stored().object
  }

  /** Its `savedText`. */
  get text(): string {
    const { bytes, begin, end } = this.place
    return bytes.toString('utf8', begin, end)
  }

  stored(): StoredObject {
    return storedIn(this.text)
  }
}

/** Where in the order of keys a byte of a stream's name is, as far as one byte tells it. */
function orderOf(separator: number, byte = backslash): number {
  if (byte === backslash || byte >= beyondAscii) return Number.NaN
  if (byte === quote) return 0
  // Between namespace and name a key has a space.
  return byte === separator ? space : byte
}

/** The `listKeyOf` a stream's object. */
export function keyOfStream(stream: string): string {
  const slash = stream.indexOf('/')
  return `${stream.slice(stream.indexOf('-') + 1, slash)} ${stream.slice(slash + 1)}`
}

function streamIn({ bytes, begin }: SavedPlace): string {
  const text = bytes.toString('utf8', begin + streamFrom, streamEnd(bytes, begin))
  return text.includes('\\') ? JSON.parse(`"${text}"`) : text
}

/** Where the first quote is that is not escaped: it ends the stream's name. */
function streamEnd(bytes: Buffer, begin: number): number {
  let at = begin + streamFrom
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  return at
}
