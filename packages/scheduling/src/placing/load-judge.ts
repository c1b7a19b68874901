import { type LoadPlugin, type LoadRule, scoreMax, type WeightedPlugin } from '../framework.ts'
import type { Leaving } from '../preempting/leaving.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import type { LoadWants } from '../state/pod-traits.ts'
import { rejectedCell } from './node-cell.ts'
import type { Rejection, Rejections } from './rejections.ts'

export type PreparedLoadRule = { plugin: string; weight: number; rule: LoadRule }

type Options = {
  cluster: ClusterState
  rejections: Rejections
  plugins: readonly (WeightedPlugin & { plugin: LoadPlugin })[]
  wants: LoadWants
}

/** Tells for pods that take the same of a node what its load is to them. */
export class LoadJudge {
  readonly scorers: readonly PreparedLoadRule[]
  /** How many absolute scores there are: 0 to one less. */
  readonly scoreCount: number
  readonly #filters: readonly PreparedLoadRule[]
  readonly #rejections: Rejections

  constructor({ cluster, rejections, plugins, wants }: Options) {
    this.#rejections = rejections
    const rules = plugins.flatMap(({ plugin, weight }): PreparedLoadRule[] => {
      const rule = plugin.prepare(wants, cluster)
      return rule ? [{ plugin: plugin.name, weight, rule }] : []
    })
    this.#filters = rules.filter(({ rule }) => rule.filter)
    this.scorers = rules.filter(({ rule, weight }) => rule.score && weight > 0)
    this.scoreCount = this.scorers.reduce((sum, { weight }) => sum + weight * scoreMax, 1)
  }

  /** The absolute score of a node, or the cell of what its load has against the pods. */
  readonly verdictOf = (slot: number): number => {
    const rejection = this.rejectionAt(slot)
    if (rejection !== undefined) return rejectedCell(rejection.id)
    let score = 0
    for (const { weight, rule } of this.scorers) score += weight * (rule.score?.(slot) ?? 0)
    return score
  }

  /** Why a node's load keeps the pods off, with pods that are thought away, if some are. */
  rejectionAt(slot: number, leaving?: Leaving): Rejection | undefined {
    for (const { plugin, rule } of this.#filters) {
      const reasons = rule.filter?.(slot, leaving)
      if (reasons !== undefined) return this.#rejections.of(plugin, reasons)
    }
    return undefined
  }
}
