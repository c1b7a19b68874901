import type { PodCounter } from '../state/pod-counter.ts'
import type { EligibleNodes } from './eligible-nodes.ts'
import { FollowedCounter } from './followed-counter.ts'

/** As DomainSums, where every node is a domain of its own: counts are kept where there are any. */
export class NodeSums {
  readonly #followed: FollowedCounter
  readonly #eligible: EligibleNodes
  readonly #counted = new Map<number, number>()
  /** How many nodes have each count above 0. */
  #nodesWith: number[] = []
  #seen = -1
  #least = 0

  constructor(counter: PodCounter, eligible: EligibleNodes) {
    this.#followed = new FollowedCounter(counter)
    this.#eligible = eligible
  }

  refresh(): void {
    const isOtherwise = this.#seen !== this.#eligible.version
    const isFollowed = this.#followed.eachChange((slot) => {
      if (!isOtherwise) this.#recount(slot)
    })
    if (isFollowed && !isOtherwise) return
    this.#seen = this.#eligible.version
    this.#counted.clear()
    this.#nodesWith = []
    this.#least = 0
    for (const slot of this.#followed.counter.counts.keys()) this.#recount(slot)
  }

  get counter(): PodCounter {
    return this.#followed.counter
  }

  /** So many more on a node than are counted, until it is put back. */
  adjust(slot: number, by: number): void {
    this.#set(slot, this.at(slot) + by)
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

  #recount(slot: number): void {
    this.#set(slot, this.#followed.counter.at(slot))
  }

  #set(slot: number, after: number): void {
    if (!this.#eligible.has(slot)) return
    const before = this.at(slot)
    if (after === 0) this.#counted.delete(slot)
    else this.#counted.set(slot, after)
    if (before > 0) this.#nodesWith[before] = (this.#nodesWith[before] ?? 0) - 1
    if (after > 0) this.#nodesWith[after] = (this.#nodesWith[after] ?? 0) + 1
    this.#least = Math.min(this.#least, after)
  }
}
