import { fnv1a32 } from '@reckon/kubernetes'
import type { ClusterState } from '../state/cluster-state.ts'
import { FollowedChanges } from './followed-changes.ts'

const unknown = -1

/** What a node has, and what its pods use of it. */
type Load = {
  readonly podCount: number
  readonly amounts: readonly number[]
  readonly hostPorts: string
  readonly number: number
}

/**
 * Numbers for loads: nodes with the same number have the same amounts, of which the same are in use, and so the same
 * verdicts. The numbers depend on history, so they must never be recorded.
 */
export class EqualLoads {
  readonly #cluster: ClusterState
  readonly #followed: FollowedChanges
  /** All loads with a number, by hash. */
  readonly #loads = new Map<number, Load[]>()
  #count = 0
  /** Indexed by slot. */
  #numbers = new Int32Array(0)
  #epoch = 0

  constructor(cluster: ClusterState) {
    this.#cluster = cluster
    this.#followed = new FollowedChanges(cluster.loadChanges)
  }

  /** Raised when all loads are numbered anew. */
  get epoch(): number {
    return this.#epoch
  }

  /** Follows what has changed on the nodes. */
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

  /** The number of a node's load. */
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
