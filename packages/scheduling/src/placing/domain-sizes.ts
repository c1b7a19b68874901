import type { LabelColumn } from '../state/label-columns.ts'

/** How many eligible nodes each domain of a label key has. */
export class DomainSizes {
  readonly #column: LabelColumn
  /** By slot: the domain in which it counts; absent, as -1, where it does not. */
  readonly #domains: number[] = []
  readonly #sizes: number[] = []
  #count = 0

  constructor(column: LabelColumn) {
    this.#column = column
  }

  /** How many domains have an eligible node. */
  get count(): number {
    return this.#count
  }

  /** The domain in which an eligible node lies; -1 for any other, and one without the label. */
  domainOf(slot: number): number {
    return this.#domains[slot] ?? -1
  }

  /** The least that anything comes to over the domains with an eligible node; infinite where there is none. */
  leastOf(value: (domain: number) => number): number {
    let least = Number.POSITIVE_INFINITY
    this.#sizes.forEach((size, domain) => {
      if (size > 0) least = Math.min(least, value(domain))
    })
    return least
  }

  /** Takes in how a slot is now; answers whether it counts elsewhere than before. */
  look(slot: number, isEligible: boolean): boolean {
    const before = this.domainOf(slot)
    const after = isEligible ? (this.#column.values[slot] ?? -1) : -1
    if (after === before) return false
    this.#domains[slot] = after
    this.#add(before, -1)
    this.#add(after, 1)
    return true
  }

  #add(domain: number, by: 1 | -1): void {
    if (domain < 0) return
    const size = (this.#sizes[domain] ?? 0) + by
    this.#sizes[domain] = size
    if (by > 0 && size === 1) this.#count += 1
    if (by < 0 && size === 0) this.#count -= 1
  }
}
