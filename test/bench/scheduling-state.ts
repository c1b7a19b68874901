import { startedApi } from '@reckon/api/fixture'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import type { KubernetesObject } from '@reckon/kubernetes'
import { systemClock } from '@reckon/process'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { Latencies } from './latencies.ts'
import { LongestTurn } from './longest-turn.ts'
import { nodeName, nodeOf, podOf } from './scheduler/objects.ts'
import { createdEvent, streamFor } from './scheduler/recorded-objects.ts'

const podCounts: Record<Size, readonly number[]> = {
  tiny: [500],
  usual: [5_000],
  full: [5_000, 50_000],
}
const rounds: Record<Size, number> = { tiny: 2, usual: 10, full: 10 }
const podsOfNode = 10
const podsOfApp = 10

const history = '/apis/history.reckon.dev/v1'
const waiting = `${history}/namespaces/default/pods/waiting`

export const schedulingState: Benchmark = {
  name: 'scheduling-state',
  about:
    'What an api computes of the cluster’s scheduling state, as it answers the dashboard’s Overview, and why and what-if of a pod that waits: for how long its event loop has no turn, of CPU.',
  async run(size) {
    const rows: Row[] = []
    for (const count of podCounts[size]) rows.push(...(await askedOf(count, rounds[size])))
    return rows
  },
}

async function askedOf(count: number, times: number): Promise<Row[]> {
  const log = createMemoryEventLog()
  for (const object of objectsOf(count)) {
    await log.append(streamFor(object), 'NoStream', [createdEvent(object)])
  }
  const api = await startedApi({ over: log })
  const asked = async (what: string, often: number, ask: () => ReturnType<typeof api.ask>) => {
    const latencies = new Latencies()
    await systemClock.sleep(100)
    const turns = new LongestTurn()
    for (let n = 0; n < often; n++) {
      const { code, text } = await latencies.time(ask)
      if (code >= 300) throw new Error(`${what}: ${text}`)
      // With a log in memory the next request would begin in the same turn.
      await systemClock.sleep(1)
    }
    const turnMs = turns.end()
    return {
      pods: shown(count),
      what,
      'p50 ms': shown(latencies.percentileMs(0.5)),
      'slowest ms': shown(latencies.percentileMs(1)),
      'most CPU ms in a turn': shown(turnMs),
      goal: '≤ 50 in a turn',
    }
  }
  try {
    // The first request of a process has a cost that none after it has.
    await asked('any request', 2, () => api.ask('GET', `${history}/position`))
    const utilisation = () => api.ask('GET', `${history}/utilisation`)
    const body = { requests: { cpu: '1' }, without: [nodeName(1)] }
    return [
      await asked('utilisation, for the first time', 1, utilisation),
      await asked('utilisation, again', times, utilisation),
      await asked('why of a pod that waits', times, () => api.ask('GET', `${waiting}/why`)),
      await asked('why it is not on a node', times, () =>
        api.ask('GET', `${waiting}/why?node=${nodeName(1)}`),
      ),
      await asked('what if it asked for less', times, () =>
        api.ask('POST', `${waiting}/what-if`, { body }),
      ),
    ]
  } finally {
    await api.close()
  }
}

/** Pods of many apps on nodes, and one that fits nowhere. */
function* objectsOf(count: number): Generator<KubernetesObject> {
  const nodeCount = count / podsOfNode
  for (let n = 0; n < nodeCount; n++) yield nodeOf(n)
  for (let n = 0; n < count; n++) {
    const requests = { cpu: '3', memory: '128Mi' }
    yield podOf(`app-${Math.floor(n / podsOfApp)}`, { requests, nodeName: nodeName(n % nodeCount) })
  }
  const large = podOf('waiting', { requests: { cpu: '30' } })
  yield { ...large, metadata: { ...large.metadata, name: 'waiting' } }
}
