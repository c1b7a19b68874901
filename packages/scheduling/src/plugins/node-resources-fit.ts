import type { LoadPlugin, Reasons } from '../framework.ts'
import type { Leaving } from '../preempting/leaving.ts'
import type { ResourceColumn } from '../state/resource-columns.ts'
import { cpuAndMemory, leastAllocated, type ResourceScore } from './resource-scores.ts'

type Options = {
  readonly score: ResourceScore
  /** Resources that another component checks. */
  readonly isIgnored: (resource: string) => boolean
}

/** The requests of all pods of a node must fit; the scoring strategy says which node is best. */
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
    const hasPlace = (slot: number, leaving?: Leaving): boolean =>
      (cluster.podCounts[slot] ?? 0) - (leaving?.count ?? 0) < (places.allocatable[slot] ?? 0)
    const reasonsAt = (slot: number, leaving?: Leaving): Reasons => {
      const lacking = wanted.filter(
        ({ name, amount, column }) =>
          amount > freeOf(column, slot) + (leaving?.amountOf(name) ?? 0),
      )
      const reasons = lacking.map(({ name }) => `Insufficient ${name}`)
      if (!hasPlace(slot, leaving)) reasons.unshift('Too many pods')
      // Even the empty node would not have enough.
      const isLasting = lacking.some(
        ({ amount, column }) => amount > (column.allocatable[slot] ?? 0),
      )
      return isLasting ? { lasting: reasons } : reasons
    }
    return {
      filter(slot, leaving) {
        if (!hasPlace(slot, leaving)) return reasonsAt(slot, leaving)
        for (const { name, amount, column } of wanted) {
          if (amount > freeOf(column, slot) + (leaving?.amountOf(name) ?? 0)) {
            return reasonsAt(slot, leaving)
          }
        }
        return undefined
      },
      score: score(wants, cluster.resources),
    }
  },
})

/** With upstream's defaults: the node with the most left over is best. */
export const nodeResourcesFit = nodeResourcesFitWith({
  score: leastAllocated(cpuAndMemory),
  isIgnored: () => false,
})

const freeOf = ({ allocatable, requested }: ResourceColumn, slot: number): number =>
  (allocatable[slot] ?? 0) - (requested[slot] ?? 0)
