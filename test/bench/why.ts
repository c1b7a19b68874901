import { answerWhy } from '@reckon/api/answer-why'
import { openPast } from '@reckon/api/past'
import { PresentCluster } from '@reckon/api/present-cluster'
import { Objects } from '@reckon/domain'
import { createReader, type EventLog } from '@reckon/eventing'
import { createMemoryBus } from '@reckon/eventing/memory'
import type { Pod } from '@reckon/kubernetes'
import { systemClock as clock } from '@reckon/process'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { recordHistory, withDurableLog } from './durable-log.ts'
import { Latencies } from './latencies.ts'
import { secondsToDecide } from './scheduler/durable.ts'
import { nodeName, nodeOf, podOf } from './scheduler/objects.ts'
import { createdEvent, recordObjects, streamFor } from './scheduler/recorded-objects.ts'

const historyEvents: Record<Size, number> = { tiny: 5000, usual: 100_000, full: 1_000_000 }
const questions: Record<Size, number> = { tiny: 5, usual: 20, full: 50 }
/** The largest cluster for which every verdict is recorded. */
const nodeCount = 100
const podsOfEach = 10

export const why: Benchmark = {
  name: 'why',
  about: `Why a pod is where it is, or waits, on ${nodeCount} nodes and after a long history: as an api answers it, without HTTP.`,
  async run(size) {
    return withDurableLog(async ({ log }) => {
      await recordObjects(
        log,
        Array.from({ length: nodeCount }, (_, index) => nodeOf(index)),
      )
      await recordHistory(log, historyEvents[size], (pod) => ({
        nodeName: nodeName(pod % nodeCount),
      }))
      const asked = askedPods()
      await recordObjects(log, Object.values(asked).flat())
      await secondsToDecide(log, Object.values(asked).flat().length)
      for (const pod of asked['is gone']) {
        const end = { ...createdEvent(pod), type: 'PodDeleted', data: { patch: [] } }
        await log.append(streamFor(pod), 'Any', [end])
      }
      const objects = await viewOf(log)
      const present = new PresentCluster({ objects, clock })
      const past = openPast({ log, clock, objects })
      const ports = { log, clock, objects, past, present }
      const rows: Row[] = []
      for (const [what, pods] of Object.entries(asked)) {
        rows.push(await timed(`one that ${what}`, { pods, ports, count: questions[size] }))
      }
      return rows.map((row) => ({ events: shown(historyEvents[size]), ...row, goal: 'p50 ≤ 200' }))
    })
  },
}

/** Pods to ask about, by their fate. */
const askedPods = () => ({
  runs: podsThat({}),
  'waits for room': podsThat({ requests: { cpu: '30' } }),
  'fits nowhere': podsThat({ requests: { cpu: '64' } }),
  'is gone': podsThat({}),
})

const podsThat = (options: Parameters<typeof podOf>[1]): Pod[] =>
  Array.from({ length: podsOfEach }, () => podOf('asked', options))

async function viewOf(log: EventLog): Promise<Objects> {
  const objects = new Objects()
  const stop = new AbortController()
  const reader = createReader({ log, bus: createMemoryBus(), clock }, [objects])
  const running = reader.run(stop.signal)
  await reader.ready
  stop.abort()
  await running
  return objects
}

type Asked = { pods: readonly Pod[]; ports: Parameters<typeof answerWhy>[0]; count: number }

async function timed(what: string, { pods, ports, count }: Asked): Promise<Row> {
  const latencies = new Latencies()
  const never = new AbortController().signal
  let bytes = 0
  for (let n = 0; n < count; n += 1) {
    const { namespace = '', name = '' } = pods[n % pods.length]?.metadata ?? {}
    const answer = await latencies.time(() => answerWhy(ports, { namespace, name }, never))
    bytes = JSON.stringify(answer).length
  }
  return {
    what,
    'p50 ms': shown(latencies.percentileMs(0.5)),
    'p99 ms': shown(latencies.percentileMs(0.99)),
    'KiB answered': shown(bytes / 1024),
  }
}
