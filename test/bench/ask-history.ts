import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describeWith } from '@reckon/api/activity'
import { startedApi } from '@reckon/api/fixture'
import type { FoldsInThreads } from '@reckon/api/past'
import type { EventLog } from '@reckon/eventing'
import { keepIndex, type LogIndexStore, type NewEvent } from '@reckon/eventing'
import { createFileIndex } from '@reckon/eventing/files'
import { systemClock } from '@reckon/process'
import { type Row, shown } from './benchmark.ts'
import { Latencies } from './latencies.ts'
import { podEvent, podStream, samplePod } from './sample-history.ts'

const history = '/apis/history.reckon.dev/v1'
const pods = 'api/v1/namespaces/bench/pods'
/** One request that so many events followed from. */
const request = { id: 'the-one-request', events: 500 }

/** What one request did, to be recorded before all else: nothing is longer ago. */
export async function recordRequest(log: EventLog): Promise<void> {
  for (let each = 0; each < request.events; each++) {
    const pod = samplePod(`asked-${each}`)
    const event = podEvent(pod, 0)
    const metadata = { ...event.metadata, $correlationId: request.id }
    const asked: NewEvent = { ...event, metadata }
    await log.append(podStream(pod), 'Any', [asked])
  }
}

/** What an api answers about a long history, and what its index of it costs. */
export async function askHistory(
  log: EventLog,
  folder: string,
  { count, threads }: { count: number; threads: FoldsInThreads },
): Promise<Row[]> {
  const index = createFileIndex(join(folder, 'index'))
  const begunMs = performance.now()
  const api = await startedApi({ over: log, index, pastFoldsOf: (objects) => threads.of(objects) })
  const readMs = performance.now() - begunMs
  const stop = new AbortController()
  try {
    const keeping = kept(api.ports, index, stop.signal)
    const indexedMs = await keeping.untilReached(api.ports.objects.position ?? 0n)
    const { size } = await stat(join(folder, 'index', 'entries'))
    const rows: Row[] = [
      { what: 'a view of it, from the log alone', 'p50 ms': shown(readMs) },
      {
        what: `an index of it, from the log alone: ${shown(size / 2 ** 20)} MiB`,
        'p50 ms': shown(indexedMs),
      },
    ]
    for (const question of questions) {
      const often = question.isLong ? Math.ceil(count / 10) : count
      rows.push(await asked(api, { ...question, count: often }))
    }
    stop.abort()
    await keeping.ended
    return rows
  } finally {
    stop.abort()
    await api.close()
  }
}

type Api = Awaited<ReturnType<typeof startedApi>>

function kept(ports: Api['ports'], index: LogIndexStore, signal: AbortSignal) {
  const begunMs = performance.now()
  const describe = describeWith(ports.objects.resources)
  const ended = keepIndex({ ...ports, index, describe }, signal)
  return {
    ended,
    async untilReached(position: bigint): Promise<number> {
      while ((index.upTo ?? -1n) < position) await systemClock.sleep(10)
      return performance.now() - begunMs
    },
  }
}

type Question = {
  what: string
  path(): string
  goal: string
  /** It takes so long that a tenth of what others are asked has to do. */
  isLong?: true
}

const drawn = (max: number) => Math.floor(Math.random() * max)
/** One of the first pods of the large namespace: each tenth is in the small one. */
const drawnPod = () => `web-${10 * drawn(5) + 1 + drawn(9)}`
/** Of the half hour that the history is of. */
const time = () => new Date(Date.UTC(2026, 0, 1) + drawn(1_900_000)).toISOString()

/** Asked for again and again. */
const seenTime = new Date(Date.UTC(2026, 0, 1) + 900_000).toISOString()

const questions: readonly Question[] = [
  {
    what: 'history of one pod',
    path: () => `${history}/namespaces/bench/pods/${drawnPod()}/history?all=true`,
    goal: 'p50 ≤ 200',
  },
  {
    what: `trace of a request, ${request.events} events long ago`,
    path: () => `${history}/trace?request=${request.id}`,
    goal: 'p50 ≤ 500',
  },
  { what: 'the last 20 events', path: () => `${history}/events?limit=20`, goal: 'p50 ≤ 500' },
  {
    what: 'what differs between two moments of a namespace',
    path: () => `${history}/diff?from=${time()}&to=${time()}&namespace=bench`,
    goal: '',
    isLong: true,
  },
  { what: 'the position of a time', path: () => `${history}/position?at=${time()}`, goal: '' },
  { what: 'the density of all of it', path: () => `${history}/density?buckets=400`, goal: '' },
  {
    what: 'the density of the pods of a namespace',
    path: () => `${history}/density?buckets=400&namespace=bench&kinds=pods&from=${time()}`,
    goal: '',
  },
  {
    what: 'a first page of 500 pods at a time',
    path: () => `/at/${time()}/${pods}?limit=500`,
    goal: 'p50 ≤ 1,000',
    isLong: true,
  },
  {
    what: 'the same, seen before',
    path: () => `/at/${seenTime}/${pods}?limit=500`,
    goal: 'p50 ≤ 50',
  },
  { what: 'all pods of a namespace, seen before', path: () => `/at/${seenTime}/${pods}`, goal: '' },
  { what: 'one pod at a time', path: () => `/at/${time()}/${pods}/${drawnPod()}`, goal: '' },
]

async function asked(
  { ask }: Api,
  { what, path, goal, count }: Question & { count: number },
): Promise<Row> {
  const latencies = new Latencies()
  for (let n = 0; n < count; n++) {
    const answer = await latencies.time(async () => {
      const told = await ask('GET', path())
      // A time is led to its position.
      return told.code === 307 ? ask('GET', String(told.headers.location)) : told
    })
    if (answer.code >= 400) throw new Error(`${what}: ${answer.text}`)
  }
  return {
    what,
    'p50 ms': shown(latencies.percentileMs(0.5)),
    'p99 ms': shown(latencies.percentileMs(0.99)),
    goal,
  }
}
