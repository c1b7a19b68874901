import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { EventLog, NewEvent } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { eventStoreUrl, layoutOf, readClusterFile } from '@reckon/supervisor'
import { type Connection, connector } from './api/connection.ts'
import { configMap, patchTo } from './api/objects.ts'
import { withOwnCluster } from './api/own-cluster.ts'
import { findServer, memoryMiBOfAll, type ServerProcess } from './api/server-processes.ts'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { Latencies } from './latencies.ts'

type Amounts = { objects: number; changesOfEach: number; requests: number; lists: number }

const amountsOf: Record<Size, Amounts> = {
  tiny: { objects: 100, changesOfEach: 20, requests: 20, lists: 2 },
  usual: { objects: 2000, changesOfEach: 50, requests: 500, lists: 10 },
  full: { objects: 10_000, changesOfEach: 100, requests: 4000, lists: 20 },
}
/** So often the present is asked alone, and then while the past is listed. */
const rounds = 2
/** As in the write path: how often an event carries the whole object. */
const changesBetweenFullStates = 64

const namespace = 'past'
const past = `/api/v1/namespaces/${namespace}/configmaps`
const present = '/api/v1/namespaces/default/configmaps'

export const pastLive: Benchmark = {
  name: 'past-live',
  about: `A whole cluster with a long history of ConfigMaps, over TLS: one of them and all of them at versions drawn at random, and what requests about the present take, alone and while two others list the past page by page.`,
  async run(size) {
    const amounts = amountsOf[size]
    return withOwnCluster(async (kubeconfig) => {
      const connect = await connector(kubeconfig)
      const one = connect()
      try {
        const body = JSON.stringify({ metadata: { name: namespace } })
        await one.ask({ method: 'POST', path: '/api/v1/namespaces', body })
        await one.ask({ method: 'POST', path: present, body: configMap('live') })
        const [first, last] = await withLogOf(kubeconfig, (log) => recordHistory(log, amounts))
        await untilRead(one, last)
        const drawn = () => first + BigInt(Math.floor(Math.random() * Number(last - first)))
        const server = await findServer(kubeconfig, [])
        return await ask({ one, kubeconfig, server, drawn, amounts })
      } finally {
        await one.close()
      }
    })
  },
}

async function withLogOf<T>(kubeconfig: string, use: (log: EventLog) => Promise<T>): Promise<T> {
  const layout = layoutOf(dirname(kubeconfig))
  const cluster = await readClusterFile(layout)
  if (!cluster) throw new Error(`${kubeconfig} is of no cluster`)
  const log = await openEventStore(eventStoreUrl(layout, cluster), { name: 'bench' })
  try {
    return await use(log)
  } finally {
    await log.close()
  }
}

/**
 * Creations, then changes of each object in turn, recorded as the write path records them. Returns the position from
 * which on all objects exist, and the last one.
 */
async function recordHistory(
  log: EventLog,
  { objects, changesOfEach }: Amounts,
): Promise<[first: bigint, last: bigint]> {
  const eventsAtOnce = 10
  let [first, last] = [0n, 0n]
  for (let begin = 0; begin < changesOfEach; begin += eventsAtOnce) {
    let next = 0
    const write = async (): Promise<void> => {
      for (let n = next++; n < objects; n = next++) {
        const some = Array.from({ length: eventsAtOnce }, (_, i) => eventOf(n, begin + i))
        const appended = await log.append(`configmaps-${namespace}/${nameOf(n)}`, 'Any', some)
        if (!appended.recorded) throw new Error(`${nameOf(n)} is there already`)
        last = appended.position > last ? appended.position : last
      }
    }
    await Promise.all(Array.from({ length: 32 }, write))
    if (begin === 0) first = last
  }
  return [first, last]
}

const nameOf = (n: number) => `old-${String(n).padStart(5, '0')}`

function eventOf(n: number, revision: number): NewEvent {
  const { data, ...rest } = JSON.parse(configMap(nameOf(n)))
  const creationTimestamp = '2026-01-01T00:00:00Z'
  const metadata = { ...rest.metadata, namespace, uid: `uid-of-${n}`, creationTimestamp }
  const { mark } = JSON.parse(patchTo(revision)).data
  const object = { ...rest, metadata, data: { ...data, mark } }
  const patch = [{ op: 'replace', path: '/data/mark', value: mark }]
  const isWhole = revision > 0 && revision % changesBetweenFullStates === 0
  const id = randomUUID()
  return {
    id,
    type: revision === 0 ? 'ConfigMapCreated' : 'ConfigMapChanged',
    data: revision === 0 ? { object } : { patch, ...(isWhole && { object }) },
    metadata: {
      actor: { user: 'ada', groups: [] },
      verb: 'patch',
      time: new Date().toISOString(),
      $correlationId: id,
      $causationId: id,
    },
  }
}

/** Waits until the api has read as far as this: it refuses to answer before. */
async function untilRead(one: Connection, position: bigint): Promise<void> {
  const path = `${present}?limit=1&resourceVersion=${position}&resourceVersionMatch=NotOlderThan`
  for (;;) {
    try {
      await one.ask({ method: 'GET', path })
      return
    } catch (error) {
      if (!String(error).includes('Too large resource version')) throw error
    }
  }
}

type Asking = {
  one: Connection
  kubeconfig: string
  server: readonly ServerProcess[]
  /** A version of the past. */
  drawn(): bigint
  amounts: Amounts
}

async function ask({ one, kubeconfig, server, drawn, amounts }: Asking): Promise<Row[]> {
  const { objects, changesOfEach, requests, lists } = amounts
  const apiMiB = () => shown(memoryMiBOfAll(server).api ?? Number.NaN)
  const at = (path: string) => ({ method: 'GET', path: `/at/${drawn()}${path}` }) as const
  const rows: Row[] = []
  const measure = async (
    what: string,
    count: number,
    goal: string,
    act: () => Promise<unknown>,
  ) => {
    const [before, latencies] = [apiMiB(), new Latencies()]
    for (let n = 0; n < count; n++) await latencies.time(act)
    const memory = { 'api, MiB before': before, 'MiB after': apiMiB() }
    rows.push({ ...rowOf(what, latencies, goal), ...memory })
  }
  const events = shown(objects * changesOfEach)
  await measure(`one of ${shown(objects)} objects, ${events} events`, requests, 'p99 ≤ 20', () =>
    one.ask(at(`${past}/${nameOf(Math.floor(Math.random() * objects))}`)),
  )
  await measure('all of them', lists, 'p50 ≤ 1,000', () => one.ask(at(past)))

  await presentRequests(one, { count: requests })
  let pages = 0
  const [alone, meanwhile] = [newTimes(), newTimes()]
  for (let round = 0; round < rounds; round++) {
    await presentRequests(one, { count: requests / rounds, times: alone })
    const endListing = await listPast(kubeconfig, Array.from({ length: 200 }, drawn))
    try {
      await presentRequests(one, { count: requests / rounds, times: meanwhile })
    } finally {
      pages += await endListing()
    }
  }
  for (const verb of ['GET', 'PATCH'] as const) {
    const goal = `p99 < ${shown(2 * alone[verb].percentileMs(0.99))}`
    rows.push(
      rowOf(`${verb} of the present, alone`, alone[verb], ''),
      rowOf(`${verb}, while ${shown(pages)} pages of the past are listed`, meanwhile[verb], goal),
    )
  }
  return rows
}

type Times = { GET: Latencies; PATCH: Latencies }
const newTimes = (): Times => ({ GET: new Latencies(), PATCH: new Latencies() })

async function presentRequests(
  one: Connection,
  { count, times = newTimes() }: { count: number; times?: Times },
): Promise<void> {
  const path = `${present}/live`
  for (let n = 0; n < count; n++) {
    const body = patchTo(marks++)
    await times.PATCH.time(() => one.ask({ method: 'PATCH', path, body }))
    await times.GET.time(() => one.ask({ method: 'GET', path }))
  }
}

/** Each patch writes another mark: one that changes nothing is not recorded. */
let marks = 1

/** Lists the past in a process of its own, as kubectl does; returns a function that ends it and has its pages counted. */
async function listPast(
  kubeconfig: string,
  versions: readonly bigint[],
): Promise<() => Promise<number>> {
  const program = fileURLToPath(new URL('list-past.ts', import.meta.url))
  const args = [program, kubeconfig, past, ...versions.map(String)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error('nobody lists the past any more')
    return Number(value)
  }
  await next()
  return async () => {
    child.stdin.end()
    return next()
  }
}

const rowOf = (what: string, latencies: Latencies, goal: string): Row => ({
  what,
  'p50 ms': shown(latencies.percentileMs(0.5)),
  'p99 ms': shown(latencies.percentileMs(0.99)),
  'slowest ms': shown(latencies.percentileMs(1)),
  goal,
})
