import { type LoadPlugin, type LoadRule, scoreMax, type WeightedPlugin } from '../framework.ts'
import type { Leaving } from '../preempting/leaving.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import type { LoadWants } from '../state/pod-traits.ts'
import type { Grouping } from './grouping.ts'
import { absent, rejectedCell, rejectionIn } from './node-cell.ts'
import type { NodeSet } from './node-set.ts'
import type { Rejection, Rejections } from './rejections.ts'
import { Tally } from './tally.ts'

export type PreparedLoadRule = { plugin: string; weight: number; rule: LoadRule }

type Options = {
  cluster: ClusterState
  rejections: Rejections
  plugins: readonly (WeightedPlugin & { plugin: LoadPlugin })[]
  wants: LoadWants
  grouping: Grouping
}

/**
 * Ranks the nodes of each group, for pods that take the same of a node, by their absolute scores: those that depend on
 * what is on that node alone. Looks again only at nodes on which something changed.
 */
export class Ranking {
  readonly grouping: Grouping
  readonly scorers: readonly PreparedLoadRule[]
  /** How many absolute scores there are: 0 to one less. */
  readonly scoreCount: number
  /** By slot: group × `scoreCount` + absolute score, or a cell of `node-cell.ts`. */
  cells = new Int32Array(0)
  /** How many nodes of each group have which absolute score. */
  readonly tallies: Tally[] = []
  /** How many nodes each rejection keeps pods off, by its id. */
  readonly rejected: number[] = []
  readonly #filters: readonly PreparedLoadRule[]
  readonly #cluster: ClusterState
  readonly #rejections: Rejections
  #seen = -1

  constructor({ cluster, rejections, plugins, wants, grouping }: Options) {
    this.#cluster = cluster
    this.#rejections = rejections
    this.grouping = grouping
    const rules = plugins.flatMap(({ plugin, weight }): PreparedLoadRule[] => {
      const rule = plugin.prepare(wants, cluster)
      return rule ? [{ plugin: plugin.name, weight, rule }] : []
    })
    this.#filters = rules.filter(({ rule }) => rule.filter)
    this.scorers = rules.filter(({ rule, weight }) => rule.score && weight > 0)
    this.scoreCount = this.scorers.reduce((sum, { weight }) => sum + weight * scoreMax, 1)
  }

  /** Takes in what changed. */
  refresh(): void {
    this.grouping.refresh()
    const { loadChanges, slots } = this.#cluster
    if (this.#seen === loadChanges.version) return
    this.#grow(slots.capacity)
    const changes = loadChanges.version - this.#seen
    const isFollowed = this.#seen >= 0 && loadChanges.reachesTo(this.#seen)
    // After so many changes it costs less to find again who is tied than to keep it up.
    if (changes * 8 > slots.count) for (const tally of this.tallies) tally.forget()
    if (isFollowed && changes < slots.capacity) {
      for (let version = this.#seen; version < loadChanges.version; version += 1) {
        this.#look(loadChanges.at(version))
      }
    } else {
      for (let slot = 0; slot < slots.capacity; slot += 1) this.#look(slot)
    }
    this.#seen = loadChanges.version
  }

  /** Why a node's load keeps the pods off, with pods that are thought away, if some are. */
  rejectionAt(slot: number, leaving?: Leaving): Rejection | undefined {
    for (const { plugin, rule } of this.#filters) {
      const reasons = rule.filter?.(slot, leaving)
      if (reasons !== undefined) return this.#rejections.of(plugin, reasons)
    }
    return undefined
  }

  /** Adds the nodes of one cell. */
  addNodesOf(cell: number, { words }: NodeSet): void {
    const { order, count } = this.#cluster.slots
    const { cells } = this
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

  #look(slot: number): void {
    const before = this.cells[slot] ?? absent
    const after = this.#cellOf(slot)
    if (before === after) return
    this.cells[slot] = after
    this.#count(before, slot, false)
    this.#count(after, slot, true)
  }

  #cellOf(slot: number): number {
    const group = this.grouping.cells[slot] ?? absent
    if (group < 0) return group
    const rejection = this.rejectionAt(slot)
    if (rejection !== undefined) return rejectedCell(rejection.id)
    let score = 0
    for (const { weight, rule } of this.scorers) score += weight * (rule.score?.(slot) ?? 0)
    return group * this.scoreCount + score
  }

  #count(cell: number, slot: number, isThere: boolean): void {
    if (cell >= 0) {
      const group = Math.floor(cell / this.scoreCount)
      const score = cell - group * this.scoreCount
      while (this.tallies.length <= group)
        this.tallies.push(new Tally(this.scoreCount, this.#cluster.slots))
      const tally = this.tallies[group]
      if (isThere) tally?.add(score, slot)
      else tally?.remove(score, slot)
    } else if (cell !== absent) {
      const id = rejectionIn(cell)
      this.rejected[id] = (this.rejected[id] ?? 0) + (isThere ? 1 : -1)
    }
  }

  #grow(capacity: number): void {
    if (capacity <= this.cells.length) return
    const cells = new Int32Array(capacity).fill(absent)
    cells.set(this.cells)
    this.cells = cells
  }
}
