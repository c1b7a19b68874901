import type { ClusterState } from '../state/cluster-state.ts'
import { FollowedChanges } from './followed-changes.ts'

const unknown = -1

/**
 * Numbers for what nodes have and how much of it is taken: whoever goes by amounts alone judges nodes of the same number
 * alike, and so needs to judge one of them. They depend on history: never record them.
 */
export class EqualLoads {
  readonly #cluster: ClusterState
  readonly #followed: FollowedChanges
  readonly #byText = new Map<string, number>()
  /** By slot. */
  #numbers = new Int32Array(0)
  /** The slot whose number was found last. */
  #last = 0
  #epoch = 0

  constructor(cluster: ClusterState) {
    this.#cluster = cluster
    this.#followed = new FollowedChanges(cluster.loadChanges)
  }

  /** Raised when the numbers so far mean nothing any more. */
  get epoch(): number {
    return this.#epoch
  }

  /** Takes in what changed. */
  refresh(): void {
    const { capacity } = this.#cluster.slots
    const isFollowed = this.#followed.each(this.#forget)
    const isFull = this.#byText.size > 2 * capacity
    if (isFollowed && !isFull && capacity <= this.#numbers.length) return
    this.#numbers = new Int32Array(capacity).fill(unknown)
    if (!isFull) return
    this.#byText.clear()
    this.#epoch += 1
  }

  /** The number of a slot, found when it is first asked for. */
  at(slot: number): number {
    const known = this.#numbers[slot] ?? unknown
    if (known !== unknown) return known
    const number = this.#asLast(slot) ?? this.#byAmounts(slot)
    this.#numbers[slot] = number
    this.#last = slot
    return number
  }

  /** Most often it is as the one before: then nothing is written down. */
  #asLast(slot: number): number | undefined {
    const { resources, podCounts } = this.#cluster
    const number = this.#numbers[this.#last] ?? unknown
    if (number === unknown || podCounts[slot] !== podCounts[this.#last]) return undefined
    return resources.areEqual(slot, this.#last) ? number : undefined
  }

  #byAmounts(slot: number): number {
    const { resources, podCounts } = this.#cluster
    const text = `${podCounts[slot]} ${resources.textAt(slot)}`
    const number = this.#byText.get(text) ?? this.#byText.size
    this.#byText.set(text, number)
    return number
  }

  readonly #forget = (slot: number): void => {
    this.#numbers[slot] = unknown
  }
}
