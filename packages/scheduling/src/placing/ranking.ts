import type { ClusterState } from '../state/cluster-state.ts'
import { CellCounts } from './cell-counts.ts'
import type { NodeGroups } from './grouping.ts'
import type { LoadJudge } from './load-judge.ts'
import type { LoadVerdicts } from './load-verdicts.ts'
import { absent } from './node-cell.ts'
import type { NodeSet } from './node-set.ts'
import type { Tally } from './tally.ts'

/**
 * The nodes of each group ranked, for pods that take the same of a node, by their absolute scores: those that depend on
 * what is on that node alone.
 */
export type RankedNodes = {
  readonly groups: NodeGroups
  readonly judge: LoadJudge
  /** How many nodes of each group have which absolute score. */
  readonly tallies: readonly Tally[]
  /** How many nodes each rejection keeps pods off, by its id. */
  readonly rejected: readonly number[]
  /** Group × `scoreCount` + absolute score, or a cell of `node-cell.ts`. */
  cellAt(slot: number): number
  /** Takes in what changed. */
  refresh(): void
  /** Adds the nodes of one cell. */
  addNodesOf(cell: number, nodes: NodeSet): void
  /** The slot of the only node of a cell. */
  onlyOneOf(cell: number): number
}

/** To look at fewer nodes costs less than to find out which of them are the same. */
const sharedMin = 32

/** All nodes. Looks again only at those on which something changed. */
export class Ranking implements RankedNodes {
  readonly groups: NodeGroups
  readonly judge: LoadJudge
  readonly #counts: CellCounts
  readonly #cluster: ClusterState
  readonly #verdicts: LoadVerdicts
  /** By slot. */
  #cells = new Int32Array(0)
  #seen = -1

  constructor(
    cluster: ClusterState,
    { groups, judge, verdicts }: { groups: NodeGroups; judge: LoadJudge; verdicts: LoadVerdicts },
  ) {
    this.groups = groups
    this.judge = judge
    this.#cluster = cluster
    this.#verdicts = verdicts
    this.#counts = new CellCounts(judge.scoreCount, cluster.slots)
  }

  get tallies(): readonly Tally[] {
    return this.#counts.tallies
  }

  get rejected(): readonly number[] {
    return this.#counts.rejected
  }

  cellAt(slot: number): number {
    return this.#cells[slot] ?? absent
  }

  refresh(): void {
    this.groups.refresh()
    const { loadChanges, slots } = this.#cluster
    if (this.#seen === loadChanges.version) return
    this.#grow(slots.capacity)
    const changes = loadChanges.version - this.#seen
    const isFollowed = this.#seen >= 0 && loadChanges.reachesTo(this.#seen)
    // After so many changes it costs less to find again who is tied than to keep it up.
    if (changes * 8 > slots.count) for (const tally of this.tallies) tally.forget()
    const isFew = isFollowed && changes < slots.capacity
    const verdictOf = isFew && changes < sharedMin ? this.judge.verdictOf : this.#sharedVerdicts()
    if (isFew) {
      for (let version = this.#seen; version < loadChanges.version; version += 1) {
        this.#look(loadChanges.at(version), verdictOf)
      }
    } else {
      for (let slot = 0; slot < slots.capacity; slot += 1) this.#look(slot, verdictOf)
    }
    this.#seen = loadChanges.version
  }

  addNodesOf(cell: number, { words }: NodeSet): void {
    const { order, count } = this.#cluster.slots
    const cells = this.#cells
    let place = 0
    for (let word = 0; place < count; word += 1) {
      let bits = 0
      const end = Math.min(count, place + 32)
      for (let bit = 1; place < end; place += 1, bit <<= 1) {
        if (cells[order[place] ?? 0] === cell) bits |= bit
      }
      words[word] = bits
    }
  }

  onlyOneOf(cell: number): number {
    return this.#cells.indexOf(cell)
  }

  /** Where many nodes are looked at, each load is judged once. */
  #sharedVerdicts(): (slot: number) => number {
    const { verdictOf, isAboutPods } = this.judge
    if (isAboutPods) return verdictOf
    const verdicts = this.#verdicts
    verdicts.refresh()
    return (slot) => verdicts.at(slot, verdictOf)
  }

  #look(slot: number, verdictOf: (slot: number) => number): void {
    const before = this.#cells[slot] ?? absent
    const after = cellIn(this, slot, verdictOf)
    if (before === after) return
    this.#cells[slot] = after
    this.#counts.move(slot, before, after)
  }

  #grow(capacity: number): void {
    if (capacity <= this.#cells.length) return
    const cells = new Int32Array(capacity).fill(absent)
    cells.set(this.#cells)
    this.#cells = cells
  }
}

/** The verdict on a node, from its group and from its load. */
export function cellIn(
  { groups, judge }: Pick<RankedNodes, 'groups' | 'judge'>,
  slot: number,
  verdictOf: (slot: number) => number = judge.verdictOf,
): number {
  const group = groups.cellAt(slot)
  if (group < 0) return group
  const verdict = verdictOf(slot)
  return verdict < 0 ? verdict : group * judge.scoreCount + verdict
}
