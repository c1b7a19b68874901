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

  /** Adds all of these that lie below its capacity, but for those that are hidden. */
  addAll({ words: added }: NodeSet, hidden?: NodeSet): void {
    const { words } = this
    if (hidden === undefined) {
      for (let index = 0; index < words.length; index += 1) {
        words[index] = (words[index] ?? 0) | (added[index] ?? 0)
      }
      return
    }
    const { words: left } = hidden
    for (let index = 0; index < words.length; index += 1) {
      words[index] = (words[index] ?? 0) | ((added[index] ?? 0) & ~(left[index] ?? 0))
    }
  }

  delete(place: number): void {
    const word = place >>> 5
    this.words[word] = (this.words[word] ?? 0) & ~(1 << (place & 31))
  }

  /** The place of the node with this rank in the order of names, from 0; -1 where there are not so many. */
  placeAt(rank: number): number {
    const { words } = this
    let left = rank
    for (let word = 0; word < words.length; word += 1) {
      const bits = words[word] ?? 0
      if (bits === 0) continue
      const count = bitCount(bits)
      if (left < count) return word * 32 + bitAt(bits, left)
      left -= count
    }
    return -1
  }
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
