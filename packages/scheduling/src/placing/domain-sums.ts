import type { PodCounter } from '../state/pod-counter.ts'
import type { DomainSizes } from './domain-sizes.ts'
import type { EligibleNodes } from './eligible-nodes.ts'
import { FollowedChanges } from './followed-changes.ts'

type Options = { counter: PodCounter; key: string; eligible: EligibleNodes }
/** A node's domain and its counted pods, of which there are fewer, are one number. */
const countEnd = 2 ** 20

/** How many pods of a counter stand in each domain of a label key, on eligible nodes only. */
export class DomainSums {
  readonly counter: PodCounter
  readonly #eligible: EligibleNodes
  readonly #sizes: DomainSizes
  readonly #followed: FollowedChanges
  readonly #followedNodes: FollowedChanges
  /** By slot: domain × `countEnd` + count, without zeros. */
  readonly #counted = new Map<number, number>()
  #sums: number[] = []
  #minimum: number | undefined

  constructor({ counter, key, eligible }: Options) {
    this.counter = counter
    this.#eligible = eligible
    this.#sizes = eligible.sizesOf(key)
    this.#followed = new FollowedChanges(counter.changes)
    this.#followedNodes = new FollowedChanges(eligible.changes)
  }

  readonly #recount = (slot: number): void => {
    const domain = this.#sizes.domainOf(slot)
    this.#set(slot, domain, domain < 0 ? 0 : this.counter.at(slot))
  }

  refresh(): void {
    this.#eligible.refresh()
    const areNodesKnown = this.#followedNodes.each(this.#recount)
    const arePodsKnown = this.#followed.each(this.#recount)
    if (areNodesKnown && arePodsKnown) return
    this.#counted.clear()
    this.#sums = []
    this.#minimum = undefined
    for (const slot of this.counter.counts.keys()) this.#recount(slot)
  }

  /** Changes the count of a node for a trial, which must change it back. */
  adjust(slot: number, by: number): void {
    const domain = this.#sizes.domainOf(slot)
    if (domain >= 0) this.#set(slot, domain, ((this.#counted.get(slot) ?? 0) % countEnd) + by)
  }

  of(domain: number): number {
    return this.#sums[domain] ?? 0
  }

  /** Whether there are no such pods at all. */
  get isEmpty(): boolean {
    return this.#counted.size === 0
  }

  /** How many domains have an eligible node. */
  get domainCount(): number {
    return this.#sizes.count
  }

  /** The smallest sum of all domains with an eligible node; 0 if there are none. */
  get minimum(): number {
    if (this.#minimum !== undefined) return this.#minimum
    const least = this.#sizes.leastOf((domain) => this.of(domain))
    this.#minimum = Number.isFinite(least) ? least : 0
    return this.#minimum
  }

  #set(slot: number, domain: number, count: number): void {
    this.#minimum = undefined
    const before = this.#counted.get(slot)
    if (before !== undefined) {
      const earlier = Math.floor(before / countEnd)
      this.#sums[earlier] = this.of(earlier) - (before % countEnd)
    }
    if (count === 0) {
      this.#counted.delete(slot)
      return
    }
    this.#sums[domain] = this.of(domain) + count
    this.#counted.set(slot, domain * countEnd + count)
  }
}
