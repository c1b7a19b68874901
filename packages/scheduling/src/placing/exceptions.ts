import type { ClusterState } from '../state/cluster-state.ts'
import { FollowedCounter } from './followed-counter.ts'
import type { NodeSums } from './node-sums.ts'
import type { Ranking } from './ranking.ts'
import { Tally } from './tally.ts'

/** Nodes of one group of a ranking that hold pods which a class counts by node. */
export type ExceptionalGroup = {
  /** The number of the group that they would be in. */
  readonly group: number
  readonly counts: readonly number[]
  readonly tally: Tally
}

type Exception = {
  readonly score: number
  readonly exceptional: ExceptionalGroup
}

/** What a mark says: no pods that are counted; a place here; such pods, and yet none, for its node keeps the class off. */
const [none, standing, outside] = [0, 1, 2]

/**
 * The nodes that one class of pods tells apart from the others of their group, since they hold pods that it counts by
 * node. Classes share a ranking; each has its own exceptions from it, usually few.
 */
export class Exceptions {
  readonly groups: ExceptionalGroup[] = []
  /** By group of the ranking: its nodes that stand here instead. */
  readonly hidden: Tally[] = []
  /** By slot: whether it stands here, or would if its node let the pods in. */
  #marks = new Uint8Array(0)
  readonly #cluster: ClusterState
  readonly #ranking: Ranking
  readonly #sums: readonly NodeSums[]
  readonly #followed: readonly FollowedCounter[]
  readonly #entries = new Map<number, Exception>()
  readonly #root: Branch = { groups: [], next: [] }
  #seen = -1
  #seenNodes = -1

  constructor(cluster: ClusterState, ranking: Ranking, sums: readonly NodeSums[]) {
    this.#cluster = cluster
    this.#ranking = ranking
    this.#sums = sums
    this.#followed = sums.map(({ counter }) => new FollowedCounter(counter))
  }

  /** Where the slot stands here. */
  of(slot: number): Exception | undefined {
    return this.stands(slot) ? this.#entries.get(slot) : undefined
  }

  stands(slot: number): boolean {
    return this.#marks[slot] === standing
  }

  /** Takes in what changed in ranking and counts, which have done so before. */
  refresh(): void {
    const { loadChanges, nodeChanges, slots } = this.#cluster
    if (this.#seen === loadChanges.version) return
    this.#grow(slots.capacity)
    const look = (slot: number) => this.#look(slot)
    let isFollowed = this.#seenNodes === nodeChanges.version && loadChanges.reachesTo(this.#seen)
    for (const counter of this.#followed) isFollowed = counter.eachChange(look) && isFollowed
    if (isFollowed) {
      for (let version = this.#seen; version < loadChanges.version; version += 1) {
        const slot = loadChanges.at(version)
        if (this.#marks[slot] !== none) this.#look(slot)
      }
    } else {
      for (const slot of this.#entries.keys()) this.#leave(slot)
      this.#marks.fill(none)
      for (const { counter } of this.#followed) {
        for (const slot of counter.counts.keys()) this.#look(slot)
      }
    }
    this.#seen = loadChanges.version
    this.#seenNodes = nodeChanges.version
  }

  #grow(capacity: number): void {
    if (this.#marks.length >= capacity) return
    const marks = new Uint8Array(capacity)
    marks.set(this.#marks)
    this.#marks = marks
  }

  #look(slot: number): void {
    const branch = this.#branchOf(slot)
    const cell = this.#ranking.cells[slot] ?? -1
    if (branch === undefined || cell < 0) {
      this.#leave(slot)
      this.#marks[slot] = branch === undefined ? none : outside
      return
    }
    const { scoreCount } = this.#ranking
    const group = Math.floor(cell / scoreCount)
    const score = cell - group * scoreCount
    const exceptional = branch.groups[group] ?? this.#create(branch, group, slot)
    const known = this.of(slot)
    if (known?.exceptional === exceptional && known.score === score) return
    this.#leave(slot)
    exceptional.tally.add(score)
    this.#hiddenOf(group).add(score)
    this.#entries.set(slot, { score, exceptional })
    this.#marks[slot] = standing
  }

  #leave(slot: number): void {
    if (this.#marks[slot] !== standing) return
    const entry = this.#entries.get(slot)
    if (entry === undefined) return
    this.#marks[slot] = none
    this.#entries.delete(slot)
    entry.exceptional.tally.remove(entry.score)
    this.#hiddenOf(entry.exceptional.group).remove(entry.score)
  }

  #hiddenOf(group: number): Tally {
    const known = this.hidden[group]
    if (known !== undefined) return known
    const created = new Tally(this.#ranking.scoreCount)
    this.hidden[group] = created
    return created
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
    const created = { group, counts, tally: new Tally(this.#ranking.scoreCount) }
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
