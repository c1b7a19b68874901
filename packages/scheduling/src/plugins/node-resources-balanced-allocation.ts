import { type LoadPlugin, scoreMax } from '../framework.ts'
import type { ResourceColumn } from '../state/resource-columns.ts'

/** Prefers nodes where these resources would be used to the same degree: 100 less how far they deviate from each other. */
export const nodeResourcesBalancedAllocationWith = (names: readonly string[]): LoadPlugin => ({
  name: 'NodeResourcesBalancedAllocation',
  points: ['score'],
  judges: 'load',
  prepare({ requests }, { resources }) {
    const weighed = names.map((name) => ({
      column: resources.of(name),
      wanted: requests[name] ?? 0,
    }))
    return {
      score(slot) {
        const parts = weighed.map(({ column, wanted }) => usedPart(column, slot, wanted))
        return Math.floor((1 - deviationOf(parts)) * scoreMax)
      },
    }
  },
})

export const nodeResourcesBalancedAllocation = nodeResourcesBalancedAllocationWith([
  'cpu',
  'memory',
])

/** The standard deviation, as upstream: of two it is half their distance. */
function deviationOf(parts: readonly number[]): number {
  const [one = 0, other = one] = parts
  if (parts.length <= 2) return Math.abs(one - other) / 2
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
