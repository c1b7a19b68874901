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

/** A node on which counted pods run. */
type Exception = {
  readonly slot: number
  /** The node's cell in the ranking. */
  cell: number
  score: number
  /** Undefined if the node is rejected in the ranking already. */
  exceptional: ExceptionalGroup | undefined
}

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

  /** The exception at this slot; undefined if there is none, or it is rejected in the ranking. */
  of(slot: number): Exception | undefined {
    const known = this.#entries.get(slot)
    return known?.exceptional && known
  }

  /** Adds to `nodes` those of an exceptional group whose cell in the ranking is this one. */
  addNodesOf(group: ExceptionalGroup, cell: number, nodes: NodeSet): void {
    for (const each of this.#entries.values()) {
      if (each.exceptional === group && each.cell === cell) {
        nodes.add(this.#cluster.slots.placeOf(each.slot))
      }
    }
  }

  /** Adds to `nodes` all exceptions whose cell in the ranking is this one. */
  addHidden(cell: number, nodes: NodeSet): void {
    for (const each of this.#entries.values()) {
      if (each.exceptional && each.cell === cell) {
        nodes.add(this.#cluster.slots.placeOf(each.slot))
      }
    }
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
    return new Tally(this.#cluster.slots)
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
    const created = { group, counts, tally: this.#tally() }
    branch.groups[group] = created
    this.groups.push(created)
    return created
  }
}

/** A node of the tree in which groups are found by their counts, one counter for each level. */
type Branch = { readonly groups: ExceptionalGroup[]; readonly next: Branch[] }

function branchAt({ next }: Branch, count: number): Branch {
  const known = next[count]
  if (known !== undefined) return known
  const created: Branch = { groups: [], next: [] }
  next[count] = created
  return created
}
