import type { NodeRule } from '../framework.ts'

export type PreparedNodeRule = { plugin: string; weight: number; rule: NodeRule }

/** A plugin's scores of some groups, times its weight. */
type GroupScores = { readonly plugin: string; readonly values: readonly number[] }

/** The scores of groups by some plugins. */
export type ScoredGroups = {
  readonly scores: readonly GroupScores[]
  /** The sum of these scores, for each group. */
  readonly totals: readonly number[]
}

/** A group with its raw scores, in the order of the plugins. */
type Rated = { readonly scores: readonly number[] }

/** The normalized scores of plugins that judge Nodes, which relate raw scores to each other. */
export class NodeScores {
  readonly #scorers: readonly PreparedNodeRule[]
  /** By their number: what groups get that are all rated as `#rated`. */
  #equal: ScoredGroups[] = []
  #rated: readonly number[] = []

  constructor(scorers: readonly PreparedNodeRule[]) {
    this.#scorers = scorers
  }

  /**
   * The score of each group. Most often all nodes are equal in everything that is scored: this is computed once for any
   * number of groups.
   */
  of(groups: readonly Rated[]): ScoredGroups {
    const rated = groups[0]?.scores ?? []
    if (!groups.every(({ scores }) => areEqual(scores, rated))) return this.#scored(groups)
    if (!areEqual(rated, this.#rated)) this.#equal = []
    this.#rated = rated
    const found = this.#equal[groups.length] ?? this.#scored(groups)
    this.#equal[groups.length] = found
    return found
  }

  #scored(groups: readonly Rated[]): ScoredGroups {
    const scores = this.#scorers.map(({ plugin, weight, rule }, index) => {
      const raw = groups.map((group) => group.scores[index] ?? 0)
      return weighted(plugin, weight, rule.normalize?.(raw) ?? raw)
    })
    return summed(scores, groups.length)
  }
}

export const weighted = (
  plugin: string,
  weight: number,
  values: readonly number[],
): GroupScores => ({ plugin, values: values.map((value) => value * weight) })

export function summed(scores: readonly GroupScores[], count: number): ScoredGroups {
  const totals: number[] = []
  for (let index = 0; index < count; index += 1) {
    let total = 0
    for (const { values } of scores) total += values[index] ?? 0
    totals.push(total)
  }
  return { scores, totals }
}

const areEqual = (some: readonly number[], others: readonly number[]): boolean =>
  some.length === others.length && some.every((score, index) => score === others[index])
