import type { ClusterState } from '../state/cluster-state.ts'
import { CellCounts } from './cell-counts.ts'
import type { EqualNodes } from './equal-nodes.ts'
import type { NodeGroups } from './grouping.ts'
import type { LoadJudge } from './load-judge.ts'
import { absent } from './node-cell.ts'
import type { NodeSet } from './node-set.ts'
import type { Tally } from './tally.ts'

/**
 * The nodes of each group by their absolute scores, which depend on the load of the node alone; for all pods with the
 * same requests.
 */
export type RankedNodes = {
  readonly groups: NodeGroups
  readonly judge: LoadJudge
  /** For each group, how many nodes have each absolute score. */
  readonly tallies: readonly Tally[]
  /** The number of rejected nodes by the id of the rejection. */
  readonly rejected: ReadonlyMap<number, number>
  /** Group × `scoreCount` + absolute score, or a negative value of `node-cell.ts`. */
  cellAt(slot: number): number
  /** Follows what has changed in the cluster. */
  refresh(): void
  /** Adds to `nodes` those that are in this cell. */
  addNodesOf(cell: number, nodes: NodeSet): void
  /** The slot of the node in a cell that has exactly one. */
  onlyOneOf(cell: number): number
}

/** Ranks all nodes. One node of each set of equal nodes is judged, and only nodes that changed are moved. */
export class Ranking implements RankedNodes {
  readonly groups: NodeGroups
  readonly judge: LoadJudge
  readonly #nodes: EqualNodes
  /** Indexed by set; `absent` for a set that was empty at each refresh so far. */
  #cells = new Int32Array(0)
  readonly #counts: CellCounts
  readonly #cluster: ClusterState
  #epoch = 0
  #seen = 0

  constructor(cluster: ClusterState, nodes: EqualNodes, judge: LoadJudge) {
    this.groups = nodes.groups
    this.judge = judge
    this.#nodes = nodes
    this.#cluster = cluster
    this.#counts = new CellCounts(judge.scoreCount, cluster.slots)
  }

  get tallies(): readonly Tally[] {
    return this.#counts.tallies
  }

  get rejected(): ReadonlyMap<number, number> {
    return this.#counts.rejected
  }

  cellAt(slot: number): number {
    return this.#cells[this.#nodes.sets[slot] ?? 0] ?? absent
  }

  refresh(): void {
    const nodes = this.#nodes
    nodes.refresh()
    const { moves, epoch } = nodes
    const since = this.#seen
    const isFollowed = this.#epoch === epoch && moves.reachesTo(since)
    if (isFollowed && since === moves.version) return
    this.#seen = moves.version
    if (nodes.count > this.#cells.length) this.#grow(nodes.sizes.length)
    if (this.#epoch !== epoch) this.#cells.fill(absent)
    this.#epoch = epoch
    if (isFollowed) this.#follow(since)
    else this.#lookAtAll()
  }

  addNodesOf(cell: number, { words }: NodeSet): void {
    const { order, count } = this.#cluster.slots
    const { sets } = this.#nodes
    const cells = this.#cells
    let place = 0
    for (let word = 0; place < count; word += 1) {
      let bits = 0
      const end = Math.min(count, place + 32)
      for (let bit = 1; place < end; place += 1, bit <<= 1) {
        if (cells[sets[order[place] ?? 0] ?? 0] === cell) bits |= bit
      }
      words[word] = bits
    }
  }

  onlyOneOf(cell: number): number {
    const { sets, sizes } = this.#nodes
    const cells = this.#cells
    let set = cells.indexOf(cell)
    while (set >= 0 && sizes[set] === 0) set = cells.indexOf(cell, set + 1)
    return sets.indexOf(set)
  }

  #follow(since: number): void {
    const { moves } = this.#nodes
    const { version } = moves
    for (let at = since; at < version; at += 1) this.#judge(moves.slotAt(at))
    // After that many moves it is cheaper to count all sets again.
    if ((version - since) * 8 > this.#cluster.slots.count) this.#countAll()
    else for (let at = since; at < version; at += 1) this.#move(at)
  }

  #move(at: number): void {
    const { moves } = this.#nodes
    const before = this.#cells[moves.fromAt(at)] ?? absent
    const after = this.#cells[moves.toAt(at)] ?? absent
    if (before !== after) this.#counts.move(moves.slotAt(at), before, after)
  }

  #lookAtAll(): void {
    const { capacity } = this.#cluster.slots
    for (let slot = 0; slot < capacity; slot += 1) this.#judge(slot)
    this.#countAll()
  }

  #countAll(): void {
    const { sizes, count } = this.#nodes
    this.#counts.countAnew(this.#cells.subarray(0, count), sizes)
  }

  /** Judges the set of a node, unless it was judged before. */
  #judge(slot: number): void {
    const set = this.#nodes.sets[slot] ?? 0
    if (this.#cells[set] === absent) this.#cells[set] = cellIn(this, slot)
  }

  #grow(length: number): void {
    const cells = new Int32Array(length).fill(absent)
    cells.set(this.#cells)
    this.#cells = cells
  }
}

/** The cell of a node, computed from its group and its load. */
export function cellIn(
  { groups, judge }: Pick<RankedNodes, 'groups' | 'judge'>,
  slot: number,
): number {
  const group = groups.cellAt(slot)
  if (group < 0) return group
  const verdict = judge.verdictOf(slot)
  return verdict < 0 ? verdict : group * judge.scoreCount + verdict
}
