import { openCluster, type TestCluster } from '../e2e/cluster.ts'
import { type Benchmark, type Size, shown } from './benchmark.ts'

const repeats: Record<Size, number> = { tiny: 1, usual: 2, full: 3 }

export const start: Benchmark = {
  name: 'start',
  about:
    '`reckon up --detach` until it returns: every process ready and the node Ready. The quickest and the slowest of some runs.',
  needsSandbox: true,
  async run(size) {
    const rows = []
    for (const runtime of ['docker', 'simulated'] as const) {
      const cluster = await openCluster(`start-${runtime}`)
      const founded: number[] = []
      const again: number[] = []
      for (let n = 0; n < repeats[size]; n++) {
        founded.push(await secondsToReady(cluster, runtime))
        await cluster.down()
        again.push(await secondsToReady(cluster, runtime))
        await cluster.reset()
      }
      rows.push({ runtime, what: 'a new cluster', s: range(founded) })
      rows.push({ runtime, what: 'the same cluster again', s: range(again) })
    }
    return rows
  },
}

async function secondsToReady(cluster: TestCluster, runtime: string): Promise<number> {
  const begun = performance.now()
  await cluster.up('--runtime', runtime)
  return (performance.now() - begun) / 1000
}

const range = (seconds: readonly number[]): string =>
  [...new Set([Math.min(...seconds), Math.max(...seconds)])].map(shown).join(' – ')
