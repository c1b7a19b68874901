import { type LoadPlugin, scoreMax } from '../framework.ts'
import type { ResourceColumn } from '../state/resource-columns.ts'
import { cpuAndMemory } from './resource-scores.ts'

/**
 * Prefers nodes where these resources would be used to the same degree: 100 minus the deviation of their shares.
 */
export const nodeResourcesBalancedAllocationWith = (names: readonly string[]): LoadPlugin => ({
  name: 'NodeResourcesBalancedAllocation',
  points: ['score'],
  judges: 'load',
  helpedBy: [],
  prepare({ requests }, { resources }) {
    const weighed = names.map((name) => ({
      column: resources.of(name),
      wanted: requests[name] ?? 0,
    }))
    const [one, other] = weighed
    // The usual two are computed without an array, because this runs whenever something on a node changes.
    if (one && other && weighed.length === 2) {
      return {
        score(slot) {
          const distance =
            usedPart(one.column, slot, one.wanted) - usedPart(other.column, slot, other.wanted)
          return Math.floor((1 - Math.abs(distance) / 2) * scoreMax)
        },
      }
    }
    return {
      score(slot) {
        const parts = weighed.map(({ column, wanted }) => usedPart(column, slot, wanted))
        return Math.floor((1 - deviationOf(parts)) * scoreMax)
      },
    }
  },
})

export const nodeResourcesBalancedAllocation = nodeResourcesBalancedAllocationWith(
  cpuAndMemory.map(({ name }) => name),
)

/** The standard deviation, as upstream; of two values it is half their difference. */
function deviationOf(parts: readonly number[]): number {
  if (parts.length < 2) return 0
  const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length
  return Math.sqrt(parts.reduce((sum, part) => sum + (part - mean) ** 2, 0) / parts.length)
}

function usedPart(
  { allocatable, requested }: ResourceColumn,
  slot: number,
  wanted: number,
): number {
  const all = allocatable[slot] ?? 0
  return all === 0 ? 0 : Math.min(1, ((requested[slot] ?? 0) + wanted) / all)
}
