import type { NodeSlots } from '../state/node-slots.ts'
import { NodeSet } from './node-set.ts'

/** The number of scores whose sets are kept. */
const setsMax = 4
/** So few numbers V8 keeps with the array itself, which is cheaper: nodes of one sort mostly have scores close together. */
const widthMin = 16

type Kept = { readonly score: number; readonly nodes: NodeSet }

/** How many nodes have each absolute score and, for the few scores that were asked about, which nodes. */
export class Tally {
  /** From the score `#least` on. */
  #counts = new Int32Array(widthMin)
  #least = 0
  readonly #slots: NodeSlots
  #size = 0
  #top = -1
  #sets: Kept[] = []
  /** The version of the order of nodes (`NodeSlots.shifts`) for which the sets are valid. */
  #shifts = 0

  constructor(slots: NodeSlots) {
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
    const index = score - this.#least
    return index < 0 || index >= this.#counts.length ? 0 : (this.#counts[index] ?? 0)
  }

  add(score: number, slot: number): void {
    this.#count(score, 1)
    if (score > this.#top) this.#top = score
    if (this.#sets.length > 0) this.#kept(score)?.add(this.#slots.placeOf(slot))
  }

  remove(score: number, slot: number): void {
    this.#count(score, -1)
    while (this.#top >= 0 && this.at(this.#top) === 0) this.#top -= 1
    if (this.#sets.length > 0) this.#kept(score)?.delete(this.#slots.placeOf(slot))
  }

  /** Adds nodes that have the score, without saying which. Only after `clear`, before `nodesAt`. */
  addMany(score: number, count: number): void {
    this.#count(score, count)
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
    if (this.#shifts !== shifts || this.#sets.length > setsMax) this.#forgetSets()
    this.#shifts = shifts
    const known = this.#kept(score)
    if (known !== undefined) return known
    const nodes = new NodeSet(capacity)
    fill(nodes)
    this.#sets.push({ score, nodes })
    return nodes
  }

  #kept(score: number): NodeSet | undefined {
    for (const kept of this.#sets) if (kept.score === score) return kept.nodes
    return undefined
  }

  #count(score: number, by: number): void {
    const index = score - this.#least
    if (index < 0 || index >= this.#counts.length) this.#reach(score)
    const counts = this.#counts
    counts[score - this.#least] = (counts[score - this.#least] ?? 0) + by
    this.#size += by
  }

  /** Makes room for a score. */
  #reach(score: number): void {
    if (this.#size === 0) {
      this.#least = Math.max(0, score - this.#counts.length / 2)
      return
    }
    const [least, end] = [this.#least, this.#least + this.#counts.length]
    const width = 2 * Math.max(end - score, score + 1 - least)
    this.#least = score < least ? Math.max(0, end - width) : least
    const wider = new Int32Array(width)
    wider.set(this.#counts, least - this.#least)
    this.#counts = wider
  }

  #forgetSets(): void {
    if (this.#sets.length > 0) this.#sets = []
  }
}
