import { type LoadPlugin, scoreMax } from '../framework.ts'
import type { ResourceColumn } from '../state/resource-columns.ts'

/** What all pods of a node ask for must fit; the node with the most left over is best (LeastAllocated). */
export const nodeResourcesFit: LoadPlugin = {
  name: 'NodeResourcesFit',
  points: ['filter', 'score'],
  judges: 'load',
  helpedBy: ['PodEnded'],
  prepare({ requests, scoringRequests }, cluster) {
    const places = cluster.resources.of('pods')
    const wanted = Object.entries(requests)
      .filter(([, amount]) => amount > 0)
      .map(([name, amount]) => ({ name, amount, column: cluster.resources.of(name) }))
    const [cpu, memory] = [cluster.resources.of('cpu'), cluster.resources.of('memory')]
    const { cpu: cpuWanted = 0, memory: memoryWanted = 0 } = scoringRequests
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
      score: (slot) =>
        Math.floor((leftPart(cpu, slot, cpuWanted) + leftPart(memory, slot, memoryWanted)) / 2),
    }
  },
}

const freeOf = ({ allocatable, requested }: ResourceColumn, slot: number): number =>
  (allocatable[slot] ?? 0) - (requested[slot] ?? 0)

/** What would be left, in hundredths. */
function leftPart(column: ResourceColumn, slot: number, wanted: number): number {
  const all = column.allocatable[slot] ?? 0
  const requested = (column.requestedForScoring[slot] ?? 0) + wanted
  return all === 0 ? 0 : Math.floor((Math.max(0, all - requested) * scoreMax) / all)
}
