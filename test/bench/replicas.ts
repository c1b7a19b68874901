import { setTimeout as after } from 'node:timers/promises'
import { createdIn } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { controllerOf } from '@reckon/kubernetes'
import { eventStoreUrl, layoutOf, readClusterFile } from '@reckon/supervisor'
import { openApi } from '../e2e/ask-api.ts'
import { openCluster, type TestCluster, until } from '../e2e/cluster.ts'
import { untilQuiet } from '../e2e/views.ts'
import { type Benchmark, type Row, type Size, shown } from './benchmark.ts'
import { Latencies } from './latencies.ts'
import { cpuMicrosOf } from './process-usage.ts'

type Measure = { nodes: readonly number[]; replicas: number; restSeconds: number; deaths: number }

/** On just enough nodes for the pods, and on many, whose heartbeats cost something even at rest. */
const sizes: Record<Size, Measure> = {
  tiny: { nodes: [4], replicas: 200, restSeconds: 5, deaths: 3 },
  usual: { nodes: [20, 100], replicas: 2000, restSeconds: 20, deaths: 10 },
  full: { nodes: [50, 1000], replicas: 5000, restSeconds: 60, deaths: 30 },
}
const readyMsMax = 5 * 60_000
/** A set rests at most this long after a pod's death, so that each death happens to one that is at rest. */
const betweenDeathsMs = 1500

export const replicas: Benchmark = {
  name: 'replicas',
  about:
    'A Deployment on simulated nodes, on few and on many of them: from its creation until all of its pods are recorded and bound, what it costs at rest, and how long after a pod’s deletion its replacement is recorded. Times are those of the log.',
  needsSandbox: true,
  async run(size) {
    const { nodes, ...measure } = sizes[size]
    const rows: Row[] = []
    for (const count of nodes) {
      const those = await measureOn(count, measure)
      rows.push(...those.map((row) => ({ ...row, what: `${shown(count)} nodes: ${row.what}` })))
    }
    return rows
  },
}

async function measureOn(
  nodes: number,
  { replicas: count, restSeconds, deaths }: Omit<Measure, 'nodes'>,
): Promise<Row[]> {
  const cluster = await openCluster('replicas')
  await cluster.up('--runtime', 'simulated', '--nodes', String(nodes))
  const api = openApi(cluster.dataDir)
  try {
    await untilQuiet(cluster.dataDir)
    const start = await cpuOf(cluster)
    await api.ask('POST', '/apis/apps/v1/namespaces/default/deployments', deploymentOf(count))
    await until('all pods are ready', () => areReady(api, count), readyMsMax)
    const readyCpu = difference(await cpuOf(cluster), start)
    const rest = await measureRest(cluster, restSeconds)
    await killOneByOne(api, deaths)
    await untilQuiet(cluster.dataDir)
    const told = await eventsOf(cluster)
    return [...creationRows(told, count), ...cpuRows(readyCpu), ...rest, deathRow(told)]
  } finally {
    api.close()
    await cluster.reset()
  }
}

type Api = ReturnType<typeof openApi>
const deploymentPath = '/apis/apps/v1/namespaces/default/deployments/many'

const deploymentOf = (count: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'many' },
  spec: {
    replicas: count,
    selector: { matchLabels: { app: 'many' } },
    template: {
      metadata: { labels: { app: 'many' } },
      spec: { containers: [{ name: 'c', image: 'app:1', resources: { requests: { cpu: '1m' } } }] },
    },
  },
})

async function areReady(api: Api, count: number): Promise<boolean> {
  const { body } = await api.ask('GET', deploymentPath)
  const { status } = JSON.parse(body) as { status?: { readyReplicas?: number } }
  return status?.readyReplicas === count
}

async function cpuOf(cluster: TestCluster): Promise<Map<string, number>> {
  const { processes } = await cluster.status()
  return new Map(
    processes.flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, cpuMicrosOf(pid)]])),
  )
}

const difference = (now: Map<string, number>, before: Map<string, number>) =>
  new Map(Array.from(now, ([name, micros]) => [name, micros - (before.get(name) ?? 0)]))

const cpuRows = (cpu: Map<string, number>): Row[] =>
  Array.from(cpu, ([name, micros]) => ({
    what: `CPU s of ${name} until all are ready`,
    value: shown(micros / 1e6),
  }))

async function measureRest(cluster: TestCluster, seconds: number): Promise<Row[]> {
  const position = await untilQuiet(cluster.dataDir)
  const before = await cpuOf(cluster)
  await after(seconds * 1000)
  const used = difference(await cpuOf(cluster), before)
  const isUntouched = (await untilQuiet(cluster.dataDir)) === position
  return [
    {
      what: `the log in ${seconds} s of rest`,
      value: isUntouched ? 'nothing appended' : 'APPENDED TO',
      goal: 'nothing',
    },
    ...Array.from(used, ([name, micros]) => ({
      what: `${name} at rest, % of a core`,
      value: shown(micros / seconds / 1e4),
      ...(name === 'replicator' && { goal: '< 1' }),
    })),
  ]
}

async function killOneByOne(api: Api, deaths: number): Promise<void> {
  const path = '/api/v1/namespaces/default/pods'
  const { body } = await api.ask('GET', `${path}?limit=${deaths}`)
  const { items } = JSON.parse(body) as { items: { metadata: { name: string } }[] }
  for (const { metadata } of items) {
    await api.ask('DELETE', `${path}/${metadata.name}`)
    await after(betweenDeathsMs)
  }
}

/** What the log says about the Deployment and its pods. */
async function eventsOf({ dataDir }: TestCluster): Promise<RecordedEvent[]> {
  const layout = layoutOf(dataDir)
  const cluster = await readClusterFile(layout)
  if (cluster === undefined) throw new Error(`${dataDir} holds no cluster`)
  const log = await openEventStore(eventStoreUrl(layout, cluster), { name: 'bench-replicas' })
  const told: RecordedEvent[] = []
  const types = ['DeploymentCreated', 'PodCreated', 'PodScheduled', 'PodDeletionRequested']
  for await (const event of log.readAll()) if (types.includes(event.type)) told.push(event)
  await log.close()
  return told
}

const timeOf = (event: RecordedEvent | undefined): number => Date.parse(event?.metadata?.time ?? '')
const isOfASet = (event: RecordedEvent): boolean =>
  event.type === 'PodCreated' && controllerOf(createdIn(event).object) !== undefined

function creationRows(told: readonly RecordedEvent[], count: number): Row[] {
  const begin = timeOf(told.find(({ type }) => type === 'DeploymentCreated'))
  const secondsUntil = (those: readonly RecordedEvent[]) =>
    shown((timeOf(those[count - 1]) - begin) / 1000)
  const isBinding = ({ type }: RecordedEvent) => type === 'PodScheduled'
  return [
    {
      what: `s until ${shown(count)} pods are created`,
      value: secondsUntil(told.filter(isOfASet)),
      goal: '5,000 within 5 s',
    },
    { what: 's until all of them are bound', value: secondsUntil(told.filter(isBinding)) },
  ]
}

/** Pods die one at a time, so that the next new pod replaces the last that died. */
function deathRow(told: readonly RecordedEvent[]): Row {
  const latencies = new Latencies()
  told.forEach((event, at) => {
    if (event.type !== 'PodDeletionRequested') return
    latencies.addMs(timeOf(told.slice(at).find(isOfASet)) - timeOf(event))
  })
  return {
    what: 'ms from a pod’s deletion to its replacement, p50',
    value: shown(latencies.percentileMs(0.5)),
    goal: '≤ 20',
  }
}
