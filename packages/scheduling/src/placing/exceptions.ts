import type { ClusterState } from '../state/cluster-state.ts'
import { FollowedChanges } from './followed-changes.ts'
import type { NodeSet } from './node-set.ts'
import type { NodeSums } from './node-sums.ts'
import type { RankedNodes } from './ranking.ts'
import { Tally } from './tally.ts'

/** The nodes of one group of a ranking that have the same counts of pods, not all of them 0. */
export type ExceptionalGroup = {
  /** The number of the group in the ranking. */
  readonly group: number
  readonly counts: readonly number[]
  readonly tally: Tally
}

/** So few exceptions are looked through each time. */
const fewMax = 64

/**
 * The nodes that differ from the others of their group because of the pods on them: classes with hostname constraints
 * count pods node by node. Many classes share one ranking; classes with the same counters share these exceptions from
 * it, which are usually few.
 */
export class Exceptions {
  readonly groups: ExceptionalGroup[] = []
  /** For each group of the ranking, its nodes that are exceptions. */
  readonly hidden: Tally[] = []
  readonly #cluster: ClusterState
  readonly #ranking: RankedNodes
  readonly #sums: readonly NodeSums[]
  readonly #followed: readonly FollowedChanges[]
  // The exceptions, nodes on which counted pods run, by columns: thousands of classes have some each.
  readonly #slots: number[] = []
  /** The nodes' cells in the ranking. */
  readonly #cells: number[] = []
  /** Undefined for a node that is rejected in the ranking already. */
  readonly #groups: (ExceptionalGroup | undefined)[] = []
  /** Where a slot stands in these. */
  readonly #rows = new Map<number, number>()
  readonly #root: Branch = { groups: [], next: [] }
  #seen = -1

  constructor(cluster: ClusterState, ranking: RankedNodes, sums: readonly NodeSums[]) {
    this.#cluster = cluster
    this.#ranking = ranking
    this.#sums = sums
    this.#followed = [cluster.nodeChanges, ...sums.map(({ counter }) => counter.changes)].map(
      (changes) => new FollowedChanges(changes),
    )
  }

  /** The group of the exception at this slot; undefined if there is none, or it is rejected in the ranking. */
  groupAt(slot: number): ExceptionalGroup | undefined {
    const row = this.#rows.get(slot)
    return row === undefined ? undefined : this.#groups[row]
  }

  /** Whether there are so few that it is not worth keeping sets of them. */
  get areFew(): boolean {
    return this.#slots.length <= fewMax
  }

  /** The places of those whose cell in the ranking is this one, ascending. */
  placesIn(cell: number): number[] {
    const places: number[] = []
    this.#cells.forEach((own, row) => {
      if (own === cell) places.push(this.#cluster.slots.placeOf(this.#slots[row] ?? 0))
    })
    return places.sort((a, b) => a - b)
  }

  /** Adds to `nodes` those of an exceptional group whose cell in the ranking is this one. */
  addNodesOf(group: ExceptionalGroup, cell: number, nodes: NodeSet): void {
    this.#cells.forEach((own, row) => {
      if (own !== cell || this.#groups[row] !== group) return
      nodes.add(this.#cluster.slots.placeOf(this.#slots[row] ?? 0))
    })
  }

  /** Adds to `nodes` all exceptions whose cell in the ranking is this one. */
  addHidden(cell: number, nodes: NodeSet): void {
    for (const place of this.placesIn(cell)) nodes.add(place)
  }

  /** Follows the changes of the ranking and the counts; both must be up to date. */
  refresh(): void {
    const { loadChanges } = this.#cluster
    if (this.#seen === loadChanges.version) return
    const ranking = this.#ranking
    const changed = loadChanges.version - this.#seen
    let isFollowed = this.#seen >= 0 && loadChanges.reachesTo(this.#seen)
    for (const followed of this.#followed) isFollowed = followed.each(this.#look) && isFollowed
    if (!isFollowed) this.#lookAtAll()
    // Whichever list is shorter is walked: the nodes that changed or the exceptions.
    else if (changed < this.#slots.length) {
      for (let version = this.#seen; version < loadChanges.version; version += 1) {
        const slot = loadChanges.at(version)
        const row = this.#rows.get(slot)
        if (row !== undefined && this.#cells[row] !== ranking.cellAt(slot)) this.#look(slot)
      }
    } else {
      // From the last one, which takes the row of one that is dropped.
      for (let row = this.#slots.length - 1; row >= 0; row -= 1) {
        const slot = this.#slots[row] ?? 0
        if (this.#cells[row] !== ranking.cellAt(slot)) this.#look(slot)
      }
    }
    this.#seen = loadChanges.version
  }

  #lookAtAll(): void {
    for (const slot of [...this.#slots]) this.#look(slot)
    for (const { counter } of this.#sums) {
      for (const slot of counter.counts.keys()) this.#look(slot)
    }
  }

  readonly #look = (slot: number): void => {
    const branch = this.#branchOf(slot)
    const row = this.#rows.get(slot)
    if (branch === undefined) {
      if (row !== undefined) this.#drop(row)
      return
    }
    const cell = this.#ranking.cellAt(slot)
    const group = Math.floor(cell / this.#ranking.judge.scoreCount)
    const exceptional =
      cell < 0 ? undefined : (branch.groups[group] ?? this.#create(branch, group, slot))
    if (row === undefined) {
      this.#rows.set(slot, this.#slots.length)
      this.#set(this.#slots.length, slot, { cell, exceptional })
    } else if (this.#groups[row] !== exceptional || this.#cells[row] !== cell) {
      this.#count(row, -1)
      this.#set(row, slot, { cell, exceptional })
    }
  }

  #set(row: number, slot: number, { cell, exceptional }: Exception): void {
    this.#slots[row] = slot
    this.#cells[row] = cell
    this.#groups[row] = exceptional
    this.#count(row, 1)
  }

  /** The last one takes its row. */
  #drop(row: number): void {
    this.#count(row, -1)
    this.#rows.delete(this.#slots[row] ?? 0)
    const [slot, cell, group] = [this.#slots.pop(), this.#cells.pop(), this.#groups.pop()]
    if (row === this.#slots.length) return
    this.#slots[row] = slot ?? 0
    this.#cells[row] = cell ?? 0
    this.#groups[row] = group
    this.#rows.set(slot ?? 0, row)
  }

  /** Counts an exception among its group and what is hidden, or with -1 no longer. */
  #count(row: number, by: 1 | -1): void {
    const exceptional = this.#groups[row]
    if (exceptional === undefined) return
    const { group, tally } = exceptional
    const slot = this.#slots[row] ?? 0
    const score = (this.#cells[row] ?? 0) - group * this.#ranking.judge.scoreCount
    for (const each of [tally, this.#hiddenOf(group)]) {
      if (by > 0) each.add(score, slot)
      else each.remove(score, slot)
    }
  }

  #hiddenOf(group: number): Tally {
    const known = this.hidden[group]
    if (known !== undefined) return known
    const created = new Tally(this.#cluster.slots)
    this.hidden[group] = created
    return created
  }

  /** The branch for the counts at this slot; undefined if all of them are 0. */
  #branchOf(slot: number): Branch | undefined {
    // One level for each counter, since building a combined key would cost more than all the rest.
    let branch = this.#root
    let isCounted = false
    for (const sums of this.#sums) {
      const count = sums.at(slot)
      isCounted ||= count > 0
      branch = branchAt(branch, count)
    }
    return isCounted ? branch : undefined
  }

  #create(branch: Branch, group: number, slot: number): ExceptionalGroup {
    const counts = this.#sums.map((sums) => sums.at(slot))
    const created = { group, counts, tally: new Tally(this.#cluster.slots) }
    branch.groups[group] = created
    this.groups.push(created)
    return created
  }
}

/** What of a node of the ranking makes it a member of what group. */
type Exception = { readonly cell: number; readonly exceptional: ExceptionalGroup | undefined }

/** A node of the tree in which groups are found by their counts, one counter for each level. */
type Branch = { readonly groups: ExceptionalGroup[]; readonly next: Branch[] }

function branchAt({ next }: Branch, count: number): Branch {
  const known = next[count]
  if (known !== undefined) return known
  const created: Branch = { groups: [], next: [] }
  next[count] = created
  return created
}
