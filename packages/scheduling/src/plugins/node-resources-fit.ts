import type { LoadPlugin } from '../framework.ts'
import type { ResourceColumn } from '../state/resource-columns.ts'
import { leastAllocated, type ResourceScore } from './resource-scores.ts'

type Options = {
  readonly score: ResourceScore
  /** Resources that are somebody else's to look after. */
  readonly isIgnored: (resource: string) => boolean
}

/** What all pods of a node ask for must fit; which node is best says the scoring strategy. */
export const nodeResourcesFitWith = ({ score, isIgnored }: Options): LoadPlugin => ({
  name: 'NodeResourcesFit',
  points: ['filter', 'score'],
  judges: 'load',
  helpedBy: ['PodEnded'],
  prepare(wants, cluster) {
    const { requests } = wants
    const places = cluster.resources.of('pods')
    const wanted = Object.entries(requests)
      .filter(([name, amount]) => amount > 0 && !isIgnored(name))
      .map(([name, amount]) => ({ name, amount, column: cluster.resources.of(name) }))
    const hasPlace = (slot: number): boolean =>
      (cluster.podCounts[slot] ?? 0) + 1 <= (places.allocatable[slot] ?? 0)
    const reasons = (slot: number): string[] => [
      ...(hasPlace(slot) ? [] : ['Too many pods']),
      ...wanted
        .filter(({ amount, column }) => amount > freeOf(column, slot))
        .map(({ name }) => `Insufficient ${name}`),
    ]
    return {
      filter(slot) {
        if (!hasPlace(slot)) return reasons(slot)
        for (const { amount, column } of wanted) {
          if (amount > freeOf(column, slot)) return reasons(slot)
        }
        return undefined
      },
      score: score(wants, cluster.resources),
    }
  },
})

/** With upstream's defaults: the node with the most left over is best. */
export const nodeResourcesFit = nodeResourcesFitWith({
  score: leastAllocated([
    { name: 'cpu', weight: 1 },
    { name: 'memory', weight: 1 },
  ]),
  isIgnored: () => false,
})

const freeOf = ({ allocatable, requested }: ResourceColumn, slot: number): number =>
  (allocatable[slot] ?? 0) - (requested[slot] ?? 0)
