/** Nodes by their places in the order of names, 32 to a word. */
export class NodeSet {
  readonly words: Int32Array

  /** Places lie below `capacity`. */
  constructor(capacity: number) {
    this.words = new Int32Array((capacity + 31) >>> 5)
  }

  add(place: number): void {
    const word = place >>> 5
    this.words[word] = (this.words[word] ?? 0) | (1 << (place & 31))
  }

  delete(place: number): void {
    const word = place >>> 5
    this.words[word] = (this.words[word] ?? 0) & ~(1 << (place & 31))
  }
}

/** The nodes of a set but for those that are hidden among them: a set as well, or a few, by ascending places. */
export class SomeNodes {
  readonly #words: Int32Array
  readonly #hidden: Int32Array | undefined
  readonly #few: readonly number[]
  /** Where in `#few` the next word goes on. */
  #next = 0

  constructor(nodes: NodeSet, hidden: NodeSet | readonly number[]) {
    this.#words = nodes.words
    const isSet = hidden instanceof NodeSet
    this.#hidden = isSet ? hidden.words : undefined
    this.#few = isSet ? [] : hidden
  }

  /** The number of words. */
  begin(): number {
    this.#next = 0
    return this.#words.length
  }

  /** A word of them; each is asked for once after `begin`, in order. */
  wordAt(word: number): number {
    let bits = this.#words[word] ?? 0
    if (this.#hidden !== undefined) return bits & ~(this.#hidden[word] ?? 0)
    for (; this.#next < this.#few.length; this.#next += 1) {
      const place = this.#few[this.#next] ?? 0
      if (place >>> 5 !== word) break
      bits &= ~(1 << (place & 31))
    }
    return bits
  }
}

/**
 * The place of the node with this rank in the order of names among all of these, from 0; -1 where there are not so
 * many.
 */
export function placeAmong(parts: readonly SomeNodes[], rank: number): number {
  let length = 0
  for (const part of parts) length = part.begin()
  let left = rank
  for (let word = 0; word < length; word += 1) {
    let bits = 0
    // Without an iterator for each word.
    for (let at = 0; at < parts.length; at += 1) bits |= parts[at]?.wordAt(word) ?? 0
    if (bits === 0) continue
    const count = bitCount(bits)
    if (left < count) return word * 32 + bitAt(bits, left)
    left -= count
  }
  return -1
}

/** How many bits of 32 are set. */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Where the bit with this rank is, from 0; there are more. */
function bitAt(word: number, rank: number): number {
  let left = word
  for (let lower = 0; lower < rank; lower += 1) left &= left - 1
  return 31 - Math.clz32(left & -left)
}
