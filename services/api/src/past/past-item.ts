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

const { after } = savedParts.object
// As bytes: a text that is looked for would be encoded each time.
const before = Buffer.from(savedParts.object.before)

/** An object as its `savedText`: parsed each time when read, and passed on as JSON otherwise. */
export class SavedItem implements PastItem {
  readonly key: string
  readonly saved: Buffer

  constructor(key: string, saved: Buffer) {
    this.key = key
    this.saved = saved
  }

  get bytes(): number {
    return this.saved.length
  }

  get json(): Buffer {
    return this.saved.subarray(after.length, this.saved.lastIndexOf(before))
  }

  get object(): KubernetesObject {
    return this.stored().object
  }

  stored(): StoredObject {
    return storedIn(this.saved.toString())
  }
}
