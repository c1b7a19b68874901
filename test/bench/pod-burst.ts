import { openCluster, type TestCluster, until } from '../e2e/cluster.ts'
import { type Benchmark, type Size, shown } from './benchmark.ts'
import { DockerPods, sleepers } from './pods.ts'

const pods: Record<Size, number> = { tiny: 6, usual: 30, full: 30 }
const rounds: Record<Size, number> = { tiny: 1, usual: 2, full: 4 }
/** The concurrencies to compare: how many pods Docker should start at once. */
const atOnce = [2, 4, 8]

export const podBurst: Benchmark = {
  name: 'pod-burst',
  about:
    'Thirty pods of one busybox container at once, image present: `kubectl apply` of their Deployment until `kubectl rollout status` sees them all ready, beside as many pairs of containers by Docker’s API alone, at the concurrency that lets it start most.',
  needsSandbox: true,
  async run(size) {
    const cluster = await openCluster('pod-burst')
    await cluster.up()
    const byDocker = new DockerPods(cluster.docker)
    const rates = new Map<string, number[]>()
    const measure = async (what: string, burst: () => Promise<void>) => {
      const begun = performance.now()
      await burst()
      const rate = pods[size] / ((performance.now() - begun) / 1000)
      rates.set(what, [...(rates.get(what) ?? []), rate])
    }
    try {
      // The first pod also creates the node's network.
      await deployed(cluster, 1)
      await gone(cluster)
      for (let round = 0; round < rounds[size]; round++) {
        await measure('Reckon', () => deployed(cluster, pods[size]))
        await gone(cluster)
        for (const count of atOnce) {
          await measure(`Docker, ${count} at once`, () => startAll(byDocker, pods[size], count))
          await byDocker.removeAll()
        }
      }
    } finally {
      await cluster.reset()
    }
    const best = (of: string) => Math.max(...(rates.get(of) ?? []))
    const most = Math.max(...atOnce.map((count) => best(`Docker, ${count} at once`)))
    return [...rates].map(([what, each]) => ({
      what,
      'pods/s': each.map(shown).join(' · '),
      'best of Docker’s best': shown(best(what) / most),
      goal: what === 'Reckon' ? '≥ 0.9' : '',
    }))
  },
}

async function deployed(cluster: TestCluster, replicas: number): Promise<void> {
  await cluster.apply(sleepers('burst', replicas))
  await cluster.kubectl('rollout', 'status', 'deployment/burst', '--timeout=300s')
}

async function gone(cluster: TestCluster): Promise<void> {
  await cluster.kubectl('delete', 'deployment', 'burst')
  await until('nothing of it is left', async () => (await cluster.containers()).length === 0)
}

async function startAll(byDocker: DockerPods, count: number, atOnceMax: number): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await byDocker.start(`burst-${next++}`)
  }
  await Promise.all(Array.from({ length: atOnceMax }, worker))
}
