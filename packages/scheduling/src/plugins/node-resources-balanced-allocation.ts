import { type LoadPlugin, scoreMax } from '../framework.ts'
import type { ResourceColumn } from '../state/resource-columns.ts'

/** Prefers nodes where CPU and memory would be used to the same degree: 100 less half their distance. */
export const nodeResourcesBalancedAllocation: LoadPlugin = {
  name: 'NodeResourcesBalancedAllocation',
  points: ['score'],
  judges: 'load',
  prepare({ requests }, { resources }) {
    const [cpu, memory] = [resources.of('cpu'), resources.of('memory')]
    const { cpu: cpuWanted = 0, memory: memoryWanted = 0 } = requests
    return {
      score(slot) {
        const distance = usedPart(cpu, slot, cpuWanted) - usedPart(memory, slot, memoryWanted)
        return Math.floor((1 - Math.abs(distance) / 2) * scoreMax)
      },
    }
  },
}

function usedPart(
  { allocatable, requested }: ResourceColumn,
  slot: number,
  wanted: number,
): number {
  const all = allocatable[slot] ?? 0
  return all === 0 ? 0 : Math.min(1, ((requested[slot] ?? 0) + wanted) / all)
}
