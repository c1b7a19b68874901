import type { NodeSlots } from '../state/node-slots.ts'
import { NodeSet } from './node-set.ts'

/** The number of scores whose sets are kept. */
const setsMax = 4

/** How many nodes have each absolute score and, for the few scores that were asked about, which nodes. */
export class Tally {
  readonly #counts: Int32Array
  readonly #slots: NodeSlots
  #size = 0
  #top = -1
  /** Indexed by score. */
  #sets: (NodeSet | undefined)[] = []
  #setCount = 0
  /** The version of the order of nodes (`NodeSlots.shifts`) for which the sets are valid. */
  #shifts = 0

  /** All scores are less than `length`. */
  constructor(length: number, slots: NodeSlots) {
    this.#counts = new Int32Array(length)
    this.#slots = slots
  }

  get size(): number {
    return this.#size
  }

  /** The highest score of any node; -1 if there are no nodes. */
  get top(): number {
    return this.#top
  }

  at(score: number): number {
    return this.#counts[score] ?? 0
  }

  add(score: number, slot: number): void {
    this.#counts[score] = this.at(score) + 1
    this.#size += 1
    if (score > this.#top) this.#top = score
    if (this.#setCount > 0) this.#sets[score]?.add(this.#slots.placeOf(slot))
  }

  remove(score: number, slot: number): void {
    this.#counts[score] = this.at(score) - 1
    this.#size -= 1
    while (this.#top >= 0 && this.at(this.#top) === 0) this.#top -= 1
    if (this.#setCount > 0) this.#sets[score]?.delete(this.#slots.placeOf(slot))
  }

  /** Adds nodes that have the score, without saying which. Only after `clear`, before `nodesAt`. */
  addMany(score: number, count: number): void {
    this.#counts[score] = this.at(score) + count
    this.#size += count
    if (score > this.#top) this.#top = score
  }

  /** Removes all nodes. */
  clear(): void {
    this.#counts.fill(0)
    this.#size = 0
    this.#top = -1
    this.#forgetSets()
  }

  /** The nodes with this score, kept up to date from the first call on, for which `fill` adds them. */
  nodesAt(score: number, fill: (nodes: NodeSet) => void): NodeSet {
    const { shifts, capacity } = this.#slots
    if (this.#shifts !== shifts || this.#setCount > setsMax) this.#forgetSets()
    this.#shifts = shifts
    const known = this.#sets[score]
    if (known !== undefined) return known
    const nodes = new NodeSet(capacity)
    fill(nodes)
    this.#sets[score] = nodes
    this.#setCount += 1
    return nodes
  }

  #forgetSets(): void {
    if (this.#setCount === 0) return
    this.#sets = []
    this.#setCount = 0
  }
}
