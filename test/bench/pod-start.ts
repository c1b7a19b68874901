import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { openCluster, until } from '../e2e/cluster.ts'
import { type Benchmark, type Size, shown } from './benchmark.ts'
import { Latencies } from './latencies.ts'
import { DockerPods, sleeper } from './pods.ts'

const repeats: Record<Size, number> = { tiny: 2, usual: 8, full: 15 }
const run = promisify(execFile)

export const podStart: Benchmark = {
  name: 'pod-start',
  about:
    'One pod with one busybox container, image present, one after the other: `kubectl apply` until a watching `kubectl wait` sees it Running, beside the two containers of a pod (its network’s and its own), started by Docker’s API alone on the same engine and network, and beside `docker run -d` of the same image.',
  needsSandbox: true,
  async run(size) {
    const cluster = await openCluster('pod-start')
    await cluster.up()
    const [pods, applies] = [new Latencies(), new Latencies()]
    const [pairs, containers] = [new Latencies(), new Latencies()]
    const byDocker = new DockerPods(cluster.docker)
    try {
      // The first pod also creates the node's network; the first container warms up the engine.
      for (let n = -1; n < repeats[size]; n++) {
        const name = `sleep-${n + 1}`
        const begun = performance.now()
        await cluster.apply(sleeper(name))
        const applied = performance.now()
        const phase = '--for=jsonpath={.status.phase}=Running'
        await cluster.kubectl('wait', `pod/${name}`, phase, '--timeout=60s')
        if (n >= 0) pods.addMs(performance.now() - begun)
        if (n >= 0) applies.addMs(applied - begun)
        await cluster.kubectl('delete', 'pod', name, '--grace-period=0', '--force', '--wait')
        await until('nothing of it is left', async () => (await cluster.containers()).length === 0)
        const start = () => byDocker.start(name)
        await (n < 0 ? start() : pairs.time(start))
        await byDocker.removeAll()
        const ofEngine = ['--host', `unix://${process.env.RECKON_E2E_DOCKER}`]
        const command = ['run', '-d', '--name', name, 'busybox', 'sleep', '3600']
        const runOne = () => run('docker', [...ofEngine, ...command])
        await (n < 0 ? runOne() : containers.time(runOne))
        await run('docker', [...ofEngine, 'rm', '-f', name])
      }
    } finally {
      await cluster.reset()
    }
    const row = (what: string, latencies: Latencies, goal = '') => ({
      what,
      'p50 s': shown(latencies.percentileMs(0.5) / 1000),
      'slowest s': shown(latencies.percentileMs(1) / 1000),
      '× Docker': shown(latencies.percentileMs(0.5) / pairs.percentileMs(0.5)),
      goal,
    })
    return [
      row('kubectl apply → Running', pods, '≤ 1.3 × Docker'),
      row('of which kubectl apply itself', applies),
      row('by Docker alone', pairs),
      row('docker run', containers),
    ]
  },
}
