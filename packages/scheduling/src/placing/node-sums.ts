import type { PodCounter } from '../state/pod-counter.ts'
import type { EligibleNodes } from './eligible-nodes.ts'
import { FollowedChanges } from './followed-changes.ts'

/** As DomainSums, where every node is a domain of its own: counts are kept where there are any. */
export class NodeSums {
  /** Says all about what is counted. */
  readonly name: string
  readonly counter: PodCounter
  readonly #eligible: EligibleNodes
  readonly #followed: FollowedChanges
  readonly #followedNodes: FollowedChanges
  readonly #counted = new Map<number, number>()
  /** How many nodes have each count above 0. */
  #nodesWith: number[] = []
  #least = 0

  constructor(name: string, counter: PodCounter, eligible: EligibleNodes) {
    this.name = name
    this.counter = counter
    this.#eligible = eligible
    this.#followed = new FollowedChanges(counter.changes)
    this.#followedNodes = new FollowedChanges(eligible.changes)
  }

  readonly #recount = (slot: number): void => {
    this.#set(slot, this.#eligible.has(slot) ? this.counter.at(slot) : 0)
  }

  refresh(): void {
    this.#eligible.refresh()
    const areNodesKnown = this.#followedNodes.each(this.#recount)
    const arePodsKnown = this.#followed.each(this.#recount)
    if (areNodesKnown && arePodsKnown) return
    this.#counted.clear()
    this.#nodesWith = []
    this.#least = 0
    for (const slot of this.counter.counts.keys()) this.#recount(slot)
  }

  /** So many more on a node than are counted, until it is put back. */
  adjust(slot: number, by: number): void {
    if (this.#eligible.has(slot)) this.#set(slot, this.at(slot) + by)
  }

  at(slot: number): number {
    return this.#counted.get(slot) ?? 0
  }

  get isEmpty(): boolean {
    return this.#counted.size === 0
  }

  get domainCount(): number {
    return this.#eligible.count
  }

  /** The smallest count of an eligible node; 0 where there is none. */
  get minimum(): number {
    if (this.#counted.size < this.#eligible.count || this.#counted.size === 0) return 0
    this.#least = Math.max(1, this.#least)
    while ((this.#nodesWith[this.#least] ?? 0) === 0) this.#least += 1
    return this.#least
  }

  #set(slot: number, after: number): void {
    const before = this.at(slot)
    if (after === before) return
    if (after === 0) this.#counted.delete(slot)
    else this.#counted.set(slot, after)
    if (before > 0) this.#nodesWith[before] = (this.#nodesWith[before] ?? 0) - 1
    if (after > 0) this.#nodesWith[after] = (this.#nodesWith[after] ?? 0) + 1
    this.#least = Math.min(this.#least, after)
  }
}
