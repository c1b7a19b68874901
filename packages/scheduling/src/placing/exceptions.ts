import type { ClusterState } from '../state/cluster-state.ts'
import { FollowedChanges } from './followed-changes.ts'
import type { NodeSet } from './node-set.ts'
import type { NodeSums } from './node-sums.ts'
import type { RankedNodes } from './ranking.ts'
import { Tally } from './tally.ts'

/** Nodes of one group of a ranking that hold pods which are counted by node. */
export type ExceptionalGroup = {
  /** The number of the group that they would be in. */
  readonly group: number
  readonly counts: readonly number[]
  readonly tally: Tally
}

/** A node with pods that are counted. */
type Exception = {
  readonly slot: number
  /** Of the ranking. */
  cell: number
  score: number
  /** Where it stands; undefined where its node keeps the class off. */
  exceptional: ExceptionalGroup | undefined
}

/**
 * The nodes that classes of pods tell apart from the others of their group, since they hold pods that are counted by
 * node. Many classes share a ranking; those that count the same share their exceptions from it, usually few.
 */
export class Exceptions {
  readonly groups: ExceptionalGroup[] = []
  /** By group of the ranking: its nodes that stand here instead. */
  readonly hidden: Tally[] = []
  readonly #cluster: ClusterState
  readonly #ranking: RankedNodes
  readonly #sums: readonly NodeSums[]
  readonly #followed: readonly FollowedChanges[]
  readonly #entries = new Map<number, Exception>()
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

  /** Where the slot stands here. */
  of(slot: number): Exception | undefined {
    const known = this.#entries.get(slot)
    return known?.exceptional && known
  }

  /** Adds the nodes of a group that would be in this cell of the ranking. */
  addNodesOf(group: ExceptionalGroup, cell: number, nodes: NodeSet): void {
    for (const each of this.#entries.values()) {
      if (each.exceptional === group && each.cell === cell) {
        nodes.add(this.#cluster.slots.placeOf(each.slot))
      }
    }
  }

  /** Adds all nodes that would be in this cell, and stand here instead. */
  addHidden(cell: number, nodes: NodeSet): void {
    for (const each of this.#entries.values()) {
      if (each.exceptional && each.cell === cell) {
        nodes.add(this.#cluster.slots.placeOf(each.slot))
      }
    }
  }

  /** Takes in what changed in ranking and counts, which have done so before. */
  refresh(): void {
    const { loadChanges } = this.#cluster
    if (this.#seen === loadChanges.version) return
    const ranking = this.#ranking
    const changed = loadChanges.version - this.#seen
    let isFollowed = this.#seen >= 0 && loadChanges.reachesTo(this.#seen)
    for (const followed of this.#followed) isFollowed = followed.each(this.#look) && isFollowed
    if (!isFollowed) this.#lookAtAll()
    // Of the nodes that changed and those that stand here it walks the fewer.
    else if (changed < this.#entries.size) {
      for (let version = this.#seen; version < loadChanges.version; version += 1) {
        const slot = loadChanges.at(version)
        const known = this.#entries.get(slot)
        if (known && known.cell !== ranking.cellAt(slot)) this.#look(slot)
      }
    } else {
      for (const { slot, cell } of this.#entries.values()) {
        if (cell !== ranking.cellAt(slot)) this.#look(slot)
      }
    }
    this.#seen = loadChanges.version
  }

  #lookAtAll(): void {
    for (const slot of this.#entries.keys()) this.#look(slot)
    for (const { counter } of this.#sums) {
      for (const slot of counter.counts.keys()) this.#look(slot)
    }
  }

  readonly #look = (slot: number): void => {
    const branch = this.#branchOf(slot)
    const known = this.#entries.get(slot)
    if (branch === undefined) {
      if (known === undefined) return
      this.#leave(slot, known)
      this.#entries.delete(slot)
      return
    }
    const cell = this.#ranking.cellAt(slot)
    const { scoreCount } = this.#ranking.judge
    const group = Math.floor(cell / scoreCount)
    const exceptional =
      cell < 0 ? undefined : (branch.groups[group] ?? this.#create(branch, group, slot))
    if (known?.exceptional === exceptional && known?.cell === cell) return
    if (known) this.#leave(slot, known)
    const score = cell - group * scoreCount
    if (known) {
      known.cell = cell
      known.score = score
      known.exceptional = exceptional
    } else this.#entries.set(slot, { slot, cell, score, exceptional })
    if (exceptional === undefined) return
    exceptional.tally.add(score, slot)
    this.#hiddenOf(group).add(score, slot)
  }

  #leave(slot: number, { exceptional, score }: Exception): void {
    if (exceptional === undefined) return
    exceptional.tally.remove(score, slot)
    this.#hiddenOf(exceptional.group).remove(score, slot)
  }

  #hiddenOf(group: number): Tally {
    const known = this.hidden[group]
    if (known !== undefined) return known
    const created = this.#tally()
    this.hidden[group] = created
    return created
  }

  #tally(): Tally {
    return new Tally(this.#ranking.judge.scoreCount, this.#cluster.slots)
  }

  /** Where the groups of nodes with its counts are; undefined where it holds no pods that are counted. */
  #branchOf(slot: number): Branch | undefined {
    // Found count by count: a key of its own for each look costs more than all the rest.
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
    const created = { group, counts, tally: this.#tally() }
    branch.groups[group] = created
    this.groups.push(created)
    return created
  }
}

/** The groups whose counts begin alike. */
type Branch = { readonly groups: ExceptionalGroup[]; readonly next: Branch[] }

function branchAt({ next }: Branch, count: number): Branch {
  const known = next[count]
  if (known !== undefined) return known
  const created: Branch = { groups: [], next: [] }
  next[count] = created
  return created
}
