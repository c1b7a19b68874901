import type { Benchmark, Row, Size } from '../benchmark.ts'
import { measureCore, type Sized } from './core.ts'
import { measureDurable } from './durable.ts'
import { measureReplay } from './replay.ts'
import { measureWoken } from './woken.ts'
import { type Workload, workloads } from './workloads.ts'

const counts: Record<Size, { nodes: number; pods: number; parked: number }> = {
  tiny: { nodes: 100, pods: 500, parked: 200 },
  usual: { nodes: 5_000, pods: 10_000, parked: 10_000 },
  full: { nodes: 5_000, pods: 50_000, parked: 10_000 },
}
const podsMax = 10_000
/** Up to so many nodes every verdict is recorded; beyond, a digest. */
const tabledNodes = 100

export const scheduler: Benchmark = {
  name: 'scheduler',
  about:
    'Pods placed one after the other on nodes of 3 zones with 32 cores, 128 GiB and 110 places each: by the core alone (CPU of one thread), and by the scheduler as it runs, each decision acknowledged after fsync; what is recorded of a decision; decisions computed again; a parked pod woken.',
  async run(size) {
    const { nodes, pods, parked } = counts[size]
    const sized = (workload: Workload): Sized => {
      const few = Math.min(pods, workload.count === 'EachNode' ? nodes : podsMax)
      return { workload, nodes, pods: workload.count === 'All' ? pods : few }
    }
    const [basic] = workloads
    const recorded = basic
      ? [nodes, tabledNodes].map((on) => ({
          ...sized(basic),
          nodes: on,
          pods: Math.min(pods, on * 100, podsMax),
        }))
      : []
    const rows: Row[] = [
      ...workloads.map((workload) => measureCore(sized(workload))),
      ...recorded.map((each) => measureCore(each, { isRecorded: true })),
      measureReplay(nodes, Math.min(pods, podsMax)),
      ...[1, parked].map((sorts) => measureWoken(parked, sorts)),
    ]
    for (const workload of workloads) rows.push(await measureDurable(sized(workload)))
    return rows
  },
}
