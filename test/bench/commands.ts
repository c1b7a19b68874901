import { openCluster, type TestCluster } from '../e2e/cluster.ts'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { Latencies } from './latencies.ts'

const repeats: Record<Size, number> = { tiny: 2, usual: 10, full: 30 }

const pod = `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: c, image: nginx }] }
`

/** The most frequent commands, with the milliseconds within which each should finish. */
const commands = ({ dataDir }: TestCluster): readonly (readonly [number, ...string[]])[] => [
  [300, '--help'],
  [300, 'status', '--data-dir', dataDir],
  [500, 'why', 'pod/web'],
  [500, 'log', '--limit', '20'],
]

export const commandLine: Benchmark = {
  name: 'commands',
  about:
    'How long a command takes as a person gives it, the start of its process included, beside a cluster whose pods only pretend to run.',
  needsSandbox: true,
  async run(size) {
    const cluster = await openCluster('commands')
    try {
      await cluster.up('--runtime', 'simulated')
      await cluster.apply(pod)
      await cluster.kubectl('wait', 'pod/web', '--for=condition=Ready', '--timeout=60s')
      const rows: Row[] = []
      for (const [goalMs, ...args] of commands(cluster)) {
        const latencies = new Latencies()
        // The first run compiles.
        await cluster.reckon(...args)
        for (let n = 0; n < repeats[size]; n++) await latencies.time(() => cluster.reckon(...args))
        rows.push({
          command: `reckon ${args.slice(0, 2).join(' ')}`,
          'p50 ms': shown(latencies.percentileMs(0.5)),
          'slowest ms': shown(latencies.percentileMs(1)),
          goal: `≤ ${goalMs}`,
        })
      }
      return rows
    } finally {
      await cluster.reset()
    }
  },
}
