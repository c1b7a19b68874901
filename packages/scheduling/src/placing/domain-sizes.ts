import type { LabelColumn } from '../state/label-columns.ts'

/** The number of eligible nodes in each domain of a label key. */
export class DomainSizes {
  readonly #column: LabelColumn
  /** By slot, the domain of an eligible node; -1 for others. */
  readonly #domains: number[] = []
  readonly #sizes: number[] = []
  #count = 0

  constructor(column: LabelColumn) {
    this.#column = column
  }

  /** The number of domains with an eligible node. */
  get count(): number {
    return this.#count
  }

  /** The domain of an eligible node; -1 if it is not eligible or lacks the label. */
  domainOf(slot: number): number {
    return this.#domains[slot] ?? -1
  }

  /** The least `value` of all domains with an eligible node; infinite if there are none. */
  leastOf(value: (domain: number) => number): number {
    let least = Number.POSITIVE_INFINITY
    this.#sizes.forEach((size, domain) => {
      if (size > 0) least = Math.min(least, value(domain))
    })
    return least
  }

  /** Notes the state of a slot; returns whether its domain has changed. */
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
