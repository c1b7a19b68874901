import { type LoadPlugin, type LoadRule, scoreMax, type WeightedPlugin } from '../framework.ts'
import type { Leaving } from '../preempting/leaving.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import type { LoadWants } from '../state/pod-traits.ts'
import type { Grouping } from './grouping.ts'
import type { LoadVerdicts } from './load-verdicts.ts'
import { absent, rejectedCell, rejectionIn } from './node-cell.ts'
import type { NodeSet } from './node-set.ts'
import type { Rejection, Rejections } from './rejections.ts'
import { Tally } from './tally.ts'

export type PreparedLoadRule = { plugin: string; weight: number; rule: LoadRule }

/** The absolute score of a node, or the cell of what its load has against the pods. */
type Judge = (slot: number) => number

type Options = {
  cluster: ClusterState
  rejections: Rejections
  plugins: readonly (WeightedPlugin & { plugin: LoadPlugin })[]
  wants: LoadWants
  grouping: Grouping
  verdicts: LoadVerdicts
}

/** To look at fewer nodes costs less than to find out which of them are the same. */
const sharedMin = 32

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
  readonly #verdicts: LoadVerdicts
  readonly #isAboutPods: boolean
  #seen = -1

  constructor({ cluster, rejections, plugins, wants, grouping, verdicts }: Options) {
    this.#cluster = cluster
    this.#rejections = rejections
    this.#verdicts = verdicts
    this.grouping = grouping
    const rules = plugins.flatMap(({ plugin, weight }): PreparedLoadRule[] => {
      const rule = plugin.prepare(wants, cluster)
      return rule ? [{ plugin: plugin.name, weight, rule }] : []
    })
    this.#filters = rules.filter(({ rule }) => rule.filter)
    this.#isAboutPods = rules.some(({ rule }) => rule.isAboutPods)
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
    const isFew = isFollowed && changes < slots.capacity
    const judge = isFew && changes < sharedMin ? this.#judge : this.#sharedJudge()
    if (isFew) {
      for (let version = this.#seen; version < loadChanges.version; version += 1) {
        this.#look(loadChanges.at(version), judge)
      }
    } else {
      for (let slot = 0; slot < slots.capacity; slot += 1) this.#look(slot, judge)
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

  #look(slot: number, judge: Judge): void {
    const before = this.cells[slot] ?? absent
    const after = this.#cellOf(slot, judge)
    if (before === after) return
    this.cells[slot] = after
    this.#count(before, slot, false)
    this.#count(after, slot, true)
  }

  #cellOf(slot: number, judge: Judge): number {
    const group = this.grouping.cells[slot] ?? absent
    if (group < 0) return group
    const verdict = judge(slot)
    return verdict < 0 ? verdict : group * this.scoreCount + verdict
  }

  /** Where many nodes are looked at, each load is judged once. */
  #sharedJudge(): Judge {
    if (this.#isAboutPods) return this.#judge
    const verdicts = this.#verdicts
    verdicts.refresh()
    return (slot) => verdicts.at(slot, this.#judge)
  }

  readonly #judge: Judge = (slot) => {
    const rejection = this.rejectionAt(slot)
    if (rejection !== undefined) return rejectedCell(rejection.id)
    let score = 0
    for (const { weight, rule } of this.scorers) score += weight * (rule.score?.(slot) ?? 0)
    return score
  }

  #count(cell: number, slot: number, isThere: boolean): void {
    if (cell >= 0) {
      const { scoreCount } = this
      const group = (cell / scoreCount) | 0
      const tally = this.tallies[group] ?? this.#createTally(group)
      if (isThere) tally.add(cell - group * scoreCount, slot)
      else tally.remove(cell - group * scoreCount, slot)
    } else if (cell !== absent) {
      const id = rejectionIn(cell)
      this.rejected[id] = (this.rejected[id] ?? 0) + (isThere ? 1 : -1)
    }
  }

  #createTally(group: number): Tally {
    let created: Tally
    do {
      created = new Tally(this.scoreCount, this.#cluster.slots)
    } while (this.tallies.push(created) <= group)
    return created
  }

  #grow(capacity: number): void {
    if (capacity <= this.cells.length) return
    const cells = new Int32Array(capacity).fill(absent)
    cells.set(this.cells)
    this.cells = cells
  }
}
