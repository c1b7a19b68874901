import { listKeyOf, type StoredObject, savedParts, storedIn } from '@reckon/domain'
import type { KubernetesObject } from '@reckon/kubernetes'

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

/** Where the `savedText` of an object is among some bytes, and where in it the object itself ends. */
export type SavedPlace = { bytes: Buffer; begin: number; objectEnd: number; end: number }

const { after, before } = savedParts.object
// As bytes: a text that is looked for would be encoded each time.
const objectEnding = Buffer.from(before)

export function savedPlace(bytes: Buffer, begin = 0, end = bytes.length): SavedPlace {
  const objectEnd = bytes.lastIndexOf(objectEnding, end - objectEnding.length)
  return { bytes, begin, objectEnd, end }
}

/** An object as its `savedText`: parsed each time when read, and passed on as JSON otherwise. */
export class SavedItem implements PastItem {
  readonly key: string
  readonly place: SavedPlace

  constructor(key: string, place: SavedPlace) {
    this.key = key
    this.place = place
  }

  get bytes(): number {
    return this.place.end - this.place.begin
  }

  get json(): Buffer {
    const { bytes, begin, objectEnd } = this.place
    return bytes.subarray(begin + after.length, objectEnd)
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
