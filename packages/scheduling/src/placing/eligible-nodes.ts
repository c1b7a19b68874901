import type { Node } from '@reckon/kubernetes'
import { ChangeLog } from '../state/change-log.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { DomainSizes } from './domain-sizes.ts'
import { FollowedChanges } from './followed-changes.ts'

/** Which nodes count for a pod: those that have all of some labels and pass a test. */
export type Eligibility = {
  readonly keys: readonly string[]
  readonly test?: (node: Node) => boolean
}

/** The nodes that are eligible, and how many of them each domain has. Looks again only at Nodes that changed. */
export class EligibleNodes {
  readonly name: string
  /** Slots that are eligible now or no longer, or lie in another domain of a key that somebody asked about. */
  readonly changes = new ChangeLog(8)
  readonly #cluster: ClusterState
  readonly #eligibility: Eligibility
  readonly #followed: FollowedChanges
  readonly #sizes = new Map<string, DomainSizes>()
  #bits = new Uint8Array(0)
  #count = 0
  #seen = -1

  constructor(cluster: ClusterState, name: string, eligibility: Eligibility) {
    this.name = name
    this.#cluster = cluster
    this.#eligibility = eligibility
    this.#followed = new FollowedChanges(cluster.nodeChanges)
  }

  get count(): number {
    return this.#count
  }

  has(slot: number): boolean {
    return this.#bits[slot] === 1
  }

  /** How many eligible nodes each domain of a key has. */
  sizesOf(key: string): DomainSizes {
    const known = this.#sizes.get(key)
    if (known !== undefined) return known
    this.refresh()
    const sizes = new DomainSizes(this.#cluster.labelColumn(key))
    this.#bits.forEach((bit, slot) => {
      if (bit === 1) sizes.look(slot, true)
    })
    this.#sizes.set(key, sizes)
    return sizes
  }

  /** Takes in what changed of the nodes. */
  refresh(): void {
    const { nodeChanges, slots } = this.#cluster
    if (this.#seen === nodeChanges.version) return
    this.#seen = nodeChanges.version
    this.#grow(slots.capacity)
    if (this.#followed.each((slot) => this.#look(slot))) return
    for (let slot = 0; slot < slots.capacity; slot += 1) this.#look(slot)
  }

  #look(slot: number): void {
    const isEligible = this.#isEligible(slot)
    let isOtherwise = isEligible !== this.has(slot)
    if (isOtherwise) {
      this.#bits[slot] = isEligible ? 1 : 0
      this.#count += isEligible ? 1 : -1
    }
    for (const sizes of this.#sizes.values()) {
      isOtherwise = sizes.look(slot, isEligible) || isOtherwise
    }
    if (isOtherwise) this.changes.add(slot)
  }

  #isEligible(slot: number): boolean {
    const node = this.#cluster.nodeAt(slot)
    if (node === undefined) return false
    const { keys, test } = this.#eligibility
    const hasAll = keys.every((key) => (this.#cluster.labelColumn(key).values[slot] ?? -1) >= 0)
    return hasAll && (test === undefined || test(node))
  }

  #grow(capacity: number): void {
    if (this.#bits.length >= capacity) return
    const bits = new Uint8Array(capacity)
    bits.set(this.#bits)
    this.#bits = bits
  }
}
