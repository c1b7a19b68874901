import type { NodeSlots } from '../state/node-slots.ts'
import { NodeSet } from './node-set.ts'

/** The number of scores whose sets are kept. */
const setsMax = 4

/** How many nodes have which absolute score; and of the few scores that somebody asks about, which. */
export class Tally {
  readonly #counts: Int32Array
  readonly #slots: NodeSlots
  #size = 0
  #top = -1
  /** By score. */
  #sets: (NodeSet | undefined)[] = []
  #setCount = 0
  /** The places of nodes for which the sets hold. */
  #shifts = 0

  /** Scores lie below `length`. */
  constructor(length: number, slots: NodeSlots) {
    this.#counts = new Int32Array(length)
    this.#slots = slots
  }

  get size(): number {
    return this.#size
  }

  /** The highest score that a node has; -1 where there is none. */
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

  /** So many nodes more have the score; which ones is not known. */
  addMany(score: number, count: number): void {
    this.#counts[score] = this.at(score) + count
    this.#size += count
    if (score > this.#top) this.#top = score
  }

  /** No node has any score. */
  clear(): void {
    this.#counts.fill(0)
    this.#size = 0
    this.#top = -1
    this.#forgetSets()
  }

  /** The nodes that have the score; `fill` adds those that do by now, and is called where they are not known. */
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
