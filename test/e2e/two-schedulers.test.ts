import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedIn, Objects } from '@reckon/domain'
import { type RecordedEvent, termBeganIn } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { amountsOf, nodes, podRequests } from '@reckon/kubernetes'
import { occupiesNode, Replay } from '@reckon/scheduling'
import { eventStoreUrl, layoutOf, readClusterFile } from '@reckon/supervisor'
import { openCluster, type TestCluster, until } from './cluster.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const replicas = isLong ? 5_000 : 300
/** How many are placed when it is killed. */
const burstOf = replicas / 10
const nodeCount = isLong ? 100 : 10

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: burst }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: burst } }
  template:
    metadata: { labels: { app: burst } }
    spec: { containers: [{ name: c, image: 'app:1', resources: { requests: { cpu: 1m } } }] }
`

test('the active scheduler killed in the middle of a burst: the other goes on, no pod is placed twice, no node is overfull', async (t) => {
  const cluster = await openCluster('two-schedulers')
  t.after(() => cluster.reset())
  const sized = ['--runtime', 'simulated', '--nodes', String(nodeCount)]
  await cluster.up(...sized, '--replicas', 'scheduler=2')
  const { processes } = await cluster.status()
  const killed = Promise.withResolvers<number>()
  const scheduled: RecordedEvent[] = []
  const { events, stop } = await followLog(cluster.dataDir, (event) => {
    if (event.type !== 'PodScheduled') return
    // In the very turn in which the burst is seen to have begun: a moment later it may be over.
    if (scheduled.push(event) === burstOf) killed.resolve(killActive(processes, events))
  })
  await cluster.apply(manifest)
  const killedAt = await killed.promise
  await until('all are placed', () => scheduled.length >= replicas, 240_000)
  await stop()

  const terms = events.filter(({ stream }) => stream === 'terms-scheduler')
  assert.ok(terms.length > 1, 'nobody took over')
  assert.equal(new Set(scheduled.map(({ stream }) => stream)).size, scheduled.length)
  assert.deepEqual(overfull(events), [])
  const { divergences, decisions, unverifiable, overlapping } = replayed(events)
  assert.equal(divergences, 0)
  const next = scheduled.find((event) => decisionOf(event)?.term === terms.length)
  t.diagnostic(`goes on after ${Date.parse(next?.metadata?.time ?? '') - killedAt} ms`)
  t.diagnostic(`${decisions} decisions, ${unverifiable.length} unverifiable, ${overlapping} late`)
})

const decisionOf = (event: RecordedEvent) => changedIn(event).decision

/** Everything in the log, as it comes. */
async function followLog(
  dataDir: string,
  onEvent: (event: RecordedEvent) => void,
): Promise<{ events: readonly RecordedEvent[]; stop(): Promise<void> }> {
  const layout = layoutOf(dataDir)
  const file = await readClusterFile(layout)
  assert.ok(file)
  const log = await openEventStore(eventStoreUrl(layout, file), { name: 'test' })
  const stop = new AbortController()
  const events: RecordedEvent[] = []
  const following = (async () => {
    for await (const next of log.follow(undefined, stop.signal)) {
      if (!('id' in next)) continue
      events.push(next)
      onEvent(next)
    }
  })()
  return {
    events,
    async stop() {
      stop.abort()
      await following
      await log.close()
    },
  }
}

type Processes = Awaited<ReturnType<TestCluster['status']>>['processes']

/** Kills who holds the last term; answers when, in milliseconds since the Unix epoch. */
function killActive(processes: Processes, events: readonly RecordedEvent[]): number {
  const last = events.findLast(({ stream }) => stream === 'terms-scheduler')
  assert.ok(last)
  const [name] = termBeganIn(last.data).holder.split('@')
  const pid = processes.find((each) => each.name === name)?.pid
  assert.ok(pid, `${name} does not run`)
  process.kill(pid, 'SIGKILL')
  return Date.now()
}

/** The nodes whose pods ask for more than they have. */
function overfull(events: readonly RecordedEvent[]): string[] {
  const objects = new Objects()
  for (const event of events) objects.apply(event)
  return objects.list(nodes).flatMap(({ object: { metadata, status } }) => {
    const promised = objects
      .podsOn(metadata.name)
      .filter(({ object }) => occupiesNode(object))
      .reduce((sum, { object }) => sum + (podRequests(object).cpu ?? 0), 0)
    return promised > (amountsOf(status?.allocatable).cpu ?? 0) ? [metadata.name] : []
  })
}

function replayed(events: readonly RecordedEvent[]) {
  const replay = new Replay()
  for (const event of events) replay.add(event)
  return replay.end()
}
