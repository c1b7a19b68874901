import { ChangeLog } from '../state/change-log.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import type { EqualLoads } from './equal-loads.ts'
import { FollowedChanges } from './followed-changes.ts'
import type { Grouping } from './grouping.ts'
import { absent } from './node-cell.ts'

/** The set of slots without a node. */
const nowhere = 0

/** The last moves of nodes from one set to another, in order. */
class Moves {
  readonly #slots = new ChangeLog(12)
  readonly #from = new ChangeLog(12)
  readonly #to = new ChangeLog(12)

  get version(): number {
    return this.#slots.version
  }

  reachesTo(version: number): boolean {
    return this.#slots.reachesTo(version)
  }

  add(slot: number, from: number, to: number): void {
    this.#slots.add(slot)
    this.#from.add(from)
    this.#to.add(to)
  }

  slotAt(version: number): number {
    return this.#slots.at(version)
  }

  fromAt(version: number): number {
    return this.#from.at(version)
  }

  toAt(version: number): number {
    return this.#to.at(version)
  }
}

/**
 * All nodes in sets of equal nodes: those in the same group of a grouping with the same load. A pod of that grouping
 * needs only one verdict for each set. The numbers of sets depend on history, so they must never be recorded.
 */
export class EqualNodes {
  readonly groups: Grouping
  readonly moves = new Moves()
  /** The set of each node, indexed by slot. */
  sets = new Int32Array(0)
  /** The number of nodes of each set. */
  sizes = new Int32Array(0)
  #count = 0
  readonly #loads: EqualLoads
  readonly #cluster: ClusterState
  readonly #followed: FollowedChanges
  /** Sets by group (or negative value of `node-cell.ts`) and load. */
  readonly #numbers = new Map<number, Map<number, number>>()
  #loadsEpoch = 0
  #epoch = 0

  constructor(cluster: ClusterState, groups: Grouping, loads: EqualLoads) {
    this.groups = groups
    this.#loads = loads
    this.#cluster = cluster
    this.#followed = new FollowedChanges(cluster.loadChanges)
    this.#beginAnew()
  }

  /** Raised when all sets are numbered anew. */
  get epoch(): number {
    return this.#epoch
  }

  /** The number of sets, including those that have become empty. */
  get count(): number {
    return this.#count
  }

  /** Follows the changes of nodes and loads. */
  refresh(): void {
    this.groups.refresh()
    this.#loads.refresh()
    const { capacity } = this.#cluster.slots
    const isKnown = this.#loadsEpoch === this.#loads.epoch && this.#count <= 2 * capacity
    if (!isKnown) this.#beginAnew()
    if (capacity > this.sets.length) this.sets = longer(this.sets, capacity)
    if (this.#followed.each(this.#look) && isKnown) return
    for (let slot = 0; slot < capacity; slot += 1) this.#look(slot)
  }

  #beginAnew(): void {
    this.#loadsEpoch = this.#loads.epoch
    this.#epoch += 1
    this.#numbers.clear()
    this.#count = 0
    this.#numberOf(absent, 0)
    this.sets = new Int32Array(0)
    this.sizes = new Int32Array(setsMin)
  }

  readonly #look = (slot: number): void => {
    const group = this.groups.cellAt(slot)
    const after = this.#numberOf(group, group < 0 ? 0 : this.#loads.at(slot))
    const before = this.sets[slot] ?? nowhere
    if (after === before) return
    this.sets[slot] = after
    this.sizes[before] = (this.sizes[before] ?? 0) - 1
    this.sizes[after] = (this.sizes[after] ?? 0) + 1
    this.moves.add(slot, before, after)
  }

  #numberOf(group: number, load: number): number {
    const ofGroup = this.#numbers.get(group) ?? new Map<number, number>()
    const known = ofGroup.get(load)
    if (known !== undefined) return known
    const number = this.#count
    this.#count += 1
    if (number >= this.sizes.length) this.sizes = longer(this.sizes, 2 * number)
    this.#numbers.set(group, ofGroup.set(load, number))
    return number
  }
}

const setsMin = 64

function longer(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length)
  longer.set(array)
  return longer
}
