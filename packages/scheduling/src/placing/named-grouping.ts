import type { ClusterState } from '../state/cluster-state.ts'
import type { NodeGroups } from './grouping.ts'
import type { NodeJudge } from './node-judge.ts'

type Options = {
  cluster: ClusterState
  judge: NodeJudge
  names: ReadonlySet<string>
  others: NodeGroups
}

/** For pods that name a few nodes: these alone are judged; what keeps pods off all others is found once for all such. */
export class NamedGrouping implements NodeGroups {
  readonly judge: NodeJudge
  readonly others: NodeGroups
  /** By slot. */
  readonly named = new Map<number, number>()
  readonly #cluster: ClusterState
  readonly #names: ReadonlySet<string>
  #seen = -1

  constructor({ cluster, judge, names, others }: Options) {
    this.judge = judge
    this.others = others
    this.#cluster = cluster
    this.#names = names
  }

  cellAt(slot: number): number {
    return this.named.get(slot) ?? this.others.cellAt(slot)
  }

  refresh(): void {
    this.others.refresh()
    const { nodeChanges, slots } = this.#cluster
    if (this.#seen === nodeChanges.version) return
    this.#seen = nodeChanges.version
    this.named.clear()
    for (const name of this.#names) {
      const slot = slots.find(name)
      if (slot !== undefined) this.named.set(slot, this.judge.cellOf(slot))
    }
  }
}
