import type { LabelColumn } from '../state/label-columns.ts'
import type { PodCounter } from '../state/pod-counter.ts'
import type { EligibleNodes } from './eligible-nodes.ts'
import { FollowedCounter } from './followed-counter.ts'

type Options = { counter: PodCounter; key: string; column: LabelColumn; eligible: EligibleNodes }

/** How many pods of a counter stand in each domain of a label key, on eligible nodes only. */
export class DomainSums {
  readonly #followed: FollowedCounter
  readonly #key: string
  readonly #column: LabelColumn
  readonly #eligible: EligibleNodes
  readonly #counted = new Map<number, number>()
  #sums: number[] = []
  #seen = -1
  #minimum: number | undefined

  constructor({ counter, key, column, eligible }: Options) {
    this.#followed = new FollowedCounter(counter)
    this.#key = key
    this.#column = column
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
    this.#sums = []
    this.#minimum = undefined
    for (const slot of this.#followed.counter.counts.keys()) this.#recount(slot)
  }

  get counter(): PodCounter {
    return this.#followed.counter
  }

  /** So many more on a node than are counted, until it is put back. */
  adjust(slot: number, by: number): void {
    this.#set(slot, (this.#counted.get(slot) ?? 0) + by)
  }

  of(domain: number): number {
    return this.#sums[domain] ?? 0
  }

  /** Whether no such pod stands anywhere. */
  get isEmpty(): boolean {
    return this.#counted.size === 0
  }

  /** How many domains have an eligible node. */
  get domainCount(): number {
    let count = 0
    this.#eligible.sizesOf(this.#key).forEach(() => {
      count += 1
    })
    return count
  }

  /** The smallest sum of a domain with an eligible node; 0 where there is none. */
  get minimum(): number {
    if (this.#minimum !== undefined) return this.#minimum
    let least = Number.POSITIVE_INFINITY
    this.#eligible.sizesOf(this.#key).forEach((_, domain) => {
      least = Math.min(least, this.of(domain))
    })
    this.#minimum = Number.isFinite(least) ? least : 0
    return this.#minimum
  }

  #recount(slot: number): void {
    this.#set(slot, this.#followed.counter.at(slot))
  }

  #set(slot: number, after: number): void {
    const domain = this.#column.values[slot] ?? -1
    if (domain < 0 || !this.#eligible.has(slot)) return
    const before = this.#counted.get(slot) ?? 0
    if (after === 0) this.#counted.delete(slot)
    else this.#counted.set(slot, after)
    this.#sums[domain] = this.of(domain) + after - before
    this.#minimum = undefined
  }
}
