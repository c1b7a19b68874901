import { fnv1a32 } from '@reckon/kubernetes'
import type { ClusterState } from '../state/cluster-state.ts'
import { FollowedChanges } from './followed-changes.ts'

const unknown = -1

/** What a node has and how much of it is taken. */
type Load = {
  readonly podCount: number
  readonly amounts: readonly number[]
  readonly hostPorts: string
  readonly number: number
}

/**
 * Numbers for what nodes have and how much of it is taken: nodes with the same number come out alike, so only one of
 * them has to be judged. They depend on history: never record them.
 */
export class EqualLoads {
  readonly #cluster: ClusterState
  readonly #followed: FollowedChanges
  /** By their hash. */
  readonly #loads = new Map<number, Load[]>()
  #count = 0
  /** By slot. */
  #numbers = new Int32Array(0)
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
    const isFull = this.#count > 2 * capacity
    if (isFollowed && !isFull && capacity <= this.#numbers.length) return
    this.#numbers = new Int32Array(capacity).fill(unknown)
    if (!isFull) return
    this.#loads.clear()
    this.#count = 0
    this.#epoch += 1
  }

  /** The number of a slot's load, found when it is first asked for. */
  at(slot: number): number {
    const known = this.#numbers[slot] ?? unknown
    if (known !== unknown) return known
    const number = this.#find(slot)
    this.#numbers[slot] = number
    return number
  }

  #find(slot: number): number {
    const { resources, podCounts } = this.#cluster
    const podCount = podCounts[slot] ?? 0
    const hostPorts = this.#cluster.pods.hostPortsText(slot)
    const hash = resources.hashAt(slot) ^ Math.imul(podCount, 0x9e3779b1) ^ hashOf(hostPorts)
    const alike = this.#loads.get(hash) ?? []
    for (const load of alike) {
      if (load.podCount !== podCount || load.hostPorts !== hostPorts) continue
      if (resources.areAt(slot, load.amounts)) return load.number
    }
    const number = this.#count
    const amounts = resources.amountsAt(slot)
    this.#loads.set(hash, [...alike, { podCount, amounts, hostPorts, number }])
    this.#count += 1
    return number
  }

  readonly #forget = (slot: number): void => {
    this.#numbers[slot] = unknown
  }
}

const hashOf = (text: string): number => (text === '' ? 0 : fnv1a32(text))
