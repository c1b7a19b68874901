import { fnv1a32 } from '@reckon/kubernetes'

const mixed = (a: number, b: number): number => {
  const both = Math.imul(a ^ (a >>> 15), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  return Math.imul(both ^ (both >>> 16), 0x27d4eb2f)
}

/**
 * A hash of everything that placements depend on, updated change by change. It is a sum, so it does not depend on the
 * order of changes. It protects against mistakes, not against forgery.
 */
export class StateHash {
  #low = 0
  #high = 0
  readonly #objects = new Map<string, number>()

  /** Sets the content of the object with this name; undefined where it is gone. */
  set(name: string, value: unknown): void {
    const key = fnv1a32(name)
    const before = this.#objects.get(name)
    if (before !== undefined) this.#add(key, before, -1)
    if (value === undefined) {
      this.#objects.delete(name)
      return
    }
    const after = fnv1a32(JSON.stringify(value))
    this.#objects.set(name, after)
    this.#add(key, after, 1)
  }

  /** Adds a pod of a sort on a node, or with -1 removes one. */
  count(nodeName: string, sort: number, sign: 1 | -1): void {
    this.#add(fnv1a32(nodeName), sort, sign)
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    const digits = (half: number) => (half >>> 0).toString(16).padStart(8, '0')
    return digits(this.#high) + digits(this.#low)
  }

  #add(a: number, b: number, sign: 1 | -1): void {
    this.#low = (this.#low + sign * mixed(a, b)) | 0
    this.#high = (this.#high + sign * mixed(b, ~a)) | 0
  }
}
