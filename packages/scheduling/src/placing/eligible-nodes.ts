import type { Node } from '@reckon/kubernetes'
import type { ClusterState } from '../state/cluster-state.ts'

/** Which nodes count for a pod: those that have all of some labels and pass a test. */
export type Eligibility = {
  readonly keys: readonly string[]
  readonly test?: (node: Node) => boolean
}

/** The nodes that are eligible, and how many of them each domain has. Counted anew when a Node changed. */
export class EligibleNodes {
  readonly name: string
  readonly #cluster: ClusterState
  readonly #eligibility: Eligibility
  #seen = -1
  #bits = new Uint8Array(0)
  #count = 0
  readonly #sizes = new Map<string, number[]>()

  constructor(cluster: ClusterState, name: string, eligibility: Eligibility) {
    this.name = name
    this.#cluster = cluster
    this.#eligibility = eligibility
  }

  /** Another number when something here may be otherwise. */
  get version(): number {
    return this.#cluster.nodeChanges.version
  }

  get count(): number {
    this.#refresh()
    return this.#count
  }

  has(slot: number): boolean {
    this.#refresh()
    return this.#bits[slot] === 1
  }

  /** How many eligible nodes each domain of a key has, by the domain's number; holes where it has none. */
  sizesOf(key: string): readonly number[] {
    this.#refresh()
    const known = this.#sizes.get(key)
    if (known !== undefined) return known
    const sizes: number[] = []
    const { values } = this.#cluster.labelColumn(key)
    this.#bits.forEach((bit, slot) => {
      const domain = values[slot] ?? -1
      if (bit === 1 && domain >= 0) sizes[domain] = (sizes[domain] ?? 0) + 1
    })
    this.#sizes.set(key, sizes)
    return sizes
  }

  #refresh(): void {
    if (this.#seen === this.version) return
    const { slots } = this.#cluster
    const { keys, test } = this.#eligibility
    this.#seen = this.version
    this.#sizes.clear()
    this.#count = 0
    this.#bits = new Uint8Array(slots.capacity)
    const columns = keys.map((key) => this.#cluster.labelColumn(key).values)
    for (const slot of slots.order.subarray(0, slots.count)) {
      if (!columns.every((values) => (values[slot] ?? -1) >= 0)) continue
      const node = this.#cluster.nodeAt(slot)
      if (node === undefined || (test && !test(node))) continue
      this.#bits[slot] = 1
      this.#count += 1
    }
  }
}
