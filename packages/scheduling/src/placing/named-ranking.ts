import type { ClusterState } from '../state/cluster-state.ts'
import { CellCounts } from './cell-counts.ts'
import type { LoadJudge } from './load-judge.ts'
import type { NamedGrouping } from './named-grouping.ts'
import { absent, rejectionIn } from './node-cell.ts'
import type { NodeSet } from './node-set.ts'
import { cellIn, type RankedNodes } from './ranking.ts'
import type { Tally } from './tally.ts'

type Options = {
  cluster: ClusterState
  groups: NamedGrouping
  judge: LoadJudge
  /** Says why all other nodes are rejected. */
  others: RankedNodes
}

/** For pods that name a few nodes: only these are ranked, all of them again after any change. */
export class NamedRanking implements RankedNodes {
  readonly groups: NamedGrouping
  readonly judge: LoadJudge
  readonly #counts: CellCounts
  readonly #cluster: ClusterState
  readonly #others: RankedNodes
  /** The cells of the named nodes by slot. */
  readonly #named = new Map<number, number>()
  #seen = -1

  constructor({ cluster, groups, judge, others }: Options) {
    this.groups = groups
    this.judge = judge
    this.#cluster = cluster
    this.#others = others
    this.#counts = new CellCounts(judge.scoreCount, cluster.slots)
  }

  get tallies(): readonly Tally[] {
    return this.#counts.tallies
  }

  get rejected(): ReadonlyMap<number, number> {
    const rejected = new Map(this.#counts.rejected)
    const add = (id: number, count: number) => rejected.set(id, (rejected.get(id) ?? 0) + count)
    for (const [id, count] of this.#others.rejected) add(id, count)
    for (const slot of this.#named.keys()) {
      const id = rejectionIn(this.#others.cellAt(slot))
      if (id >= 0) add(id, -1)
    }
    return rejected
  }

  cellAt(slot: number): number {
    return this.#named.get(slot) ?? this.#others.cellAt(slot)
  }

  refresh(): void {
    this.groups.refresh()
    this.#others.refresh()
    const { loadChanges } = this.#cluster
    if (this.#seen === loadChanges.version) return
    this.#seen = loadChanges.version
    const { named } = this.groups
    for (const slot of this.#named.keys()) if (!named.has(slot)) this.#set(slot, absent)
    for (const slot of named.keys()) this.#set(slot, cellIn(this, slot))
  }

  addNodesOf(cell: number, nodes: NodeSet): void {
    for (const [slot, own] of this.#named) {
      if (own === cell) nodes.add(this.#cluster.slots.placeOf(slot))
    }
  }

  onlyOneOf(cell: number): number {
    for (const [slot, own] of this.#named) if (own === cell) return slot
    return -1
  }

  #set(slot: number, after: number): void {
    const before = this.#named.get(slot) ?? absent
    if (after === absent) this.#named.delete(slot)
    else this.#named.set(slot, after)
    if (before !== after) this.#counts.move(slot, before, after)
  }
}
