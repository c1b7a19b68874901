import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { changedIn, Objects } from '@reckon/domain'
import { type RecordedEvent, termBeganIn } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { amountsOf, isRefusal, nodes, podRequests } from '@reckon/kubernetes'
import { occupiesNode, Replay } from '@reckon/scheduling'
import { eventStoreUrl, layoutOf, readClusterFile } from '@reckon/supervisor'
import { openCluster, type TestCluster, until } from './cluster.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const replicas = isLong ? 5_000 : 300
/** How many are placed when it is stopped. */
const burstOf = replicas / 10
const nodeCount = isLong ? 100 : 10
/** All of them fill nine tenths of the nodes, which pretend to have this machine's cores each. */
const cpuMillis = Math.floor((900 * availableParallelism() * nodeCount) / replicas)
/** The wait before the log is followed anew. */
const againMs = 100

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: burst }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: burst } }
  template:
    metadata: { labels: { app: burst } }
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{ name: c, image: 'app:1', resources: { requests: { cpu: ${cpuMillis}m } } }]
`

let cluster: TestCluster
let log: FollowedLog
before(async () => {
  cluster = await openCluster('two-schedulers')
  const sized = ['--runtime', 'simulated', '--nodes', String(nodeCount)]
  await cluster.up(...sized, '--replicas', 'scheduler=2')
  log = await followLog(cluster.dataDir)
})
after(async () => {
  await log?.stop()
  await cluster?.reset()
})

test('the active scheduler killed in the middle of a burst: the other goes on, no pod is placed twice, no node is overfull', async (t) => {
  const { scheduled, stoppedAt } = await stoppedInBurst('SIGKILL')
  await until('all are placed', () => scheduled.length >= replicas, 240_000)
  assert.deepEqual(overfull(log.events), [])
  judge(t, scheduled, stoppedAt)
})

test('the active scheduler frozen in the middle of a burst, and awake again once the other goes on: no pod is placed twice, no node runs more than it has', async (t) => {
  // On a busy machine the log may be slow to confirm that: it is asked again.
  const deleting = ['delete', 'deployment', 'burst', '--ignore-not-found']
  await until('it is deleted', () =>
    cluster.kubectl(...deleting).then(
      () => true,
      () => false,
    ),
  )
  const isGone = ({ type }: RecordedEvent) => type === 'PodDeleted'
  await until('they are gone', () => log.events.filter(isGone).length >= replicas, 120_000)
  const { scheduled, stoppedAt, pid } = await stoppedInBurst('SIGSTOP')
  log.heed((event) => {
    if (event.stream === 'terms-scheduler') process.kill(pid, 'SIGCONT')
  })
  await cluster.kubectl('rollout', 'status', 'deployment/burst', '--timeout=240s')
  assert.deepEqual(overfull(log.events), [])
  judge(t, scheduled, stoppedAt)
})

/** A burst in which a signal ends or stops the active scheduler; what is scheduled from then on comes in. */
async function stoppedInBurst(signal: NodeJS.Signals) {
  const { processes } = await cluster.status()
  const stopped = Promise.withResolvers<{ pid: number; stoppedAt: number }>()
  const scheduled: RecordedEvent[] = []
  log.heed((event) => {
    if (event.type !== 'PodScheduled') return
    // In the very turn in which the burst is seen to have begun: a moment later it may be over.
    if (scheduled.push(event) === burstOf) {
      const pid = activeAmong(processes, log.events)
      process.kill(pid, signal)
      stopped.resolve({ pid, stoppedAt: Date.now() })
    }
  })
  await cluster.apply(manifest)
  return { scheduled, ...(await stopped.promise) }
}

/** Each pod was placed once, by one term or the next, and all of it comes out the same again. */
function judge(t: TestContext, scheduled: readonly RecordedEvent[], stoppedAt: number): void {
  const { term: newest } = termBeganIn(lastTermIn(log.events).data)
  const next = scheduled.find((event) => changedIn(event).decision?.term === newest)
  assert.ok(next, 'nobody took over')
  assert.equal(new Set(scheduled.map(({ stream }) => stream)).size, scheduled.length)
  const { divergences, decisions, unverifiable, overlapping } = replayed(log.events)
  assert.equal(divergences, 0)
  t.diagnostic(`goes on after ${Date.parse(next.metadata?.time ?? '') - stoppedAt} ms`)
  t.diagnostic(`${decisions} decisions, ${unverifiable.length} unverifiable, ${overlapping} late`)
}

type FollowedLog = Awaited<ReturnType<typeof followLog>>

/** Everything in the log, as it comes; who heeds it is told of what comes from then on. */
async function followLog(dataDir: string) {
  const layout = layoutOf(dataDir)
  const file = await readClusterFile(layout)
  assert.ok(file)
  const log = await openEventStore(eventStoreUrl(layout, file), { name: 'test' })
  const stop = new AbortController()
  const events: RecordedEvent[] = []
  const heeding: ((event: RecordedEvent) => void)[] = []
  const follow = async () => {
    for await (const next of log.follow(events.at(-1)?.position, stop.signal)) {
      if (!('id' in next)) continue
      events.push(next)
      for (const onEvent of heeding) onEvent(next)
    }
  }
  const following = (async () => {
    while (!stop.signal.aborted) {
      // While decisions are computed again this process answers nobody, and its connection may be given up. Until
      // there is another one, every call is refused at once.
      await follow().catch((error) => {
        assert.ok(isRefusal(error, 'ServiceUnavailable'), error)
        return setTimeout(againMs)
      })
    }
  })()
  return {
    events,
    heed: (onEvent: (event: RecordedEvent) => void) => heeding.push(onEvent),
    async stop() {
      stop.abort()
      await following
      await log.close()
    },
  }
}

type Processes = Awaited<ReturnType<TestCluster['status']>>['processes']

/** The process that holds the last term. */
function activeAmong(processes: Processes, events: readonly RecordedEvent[]): number {
  const [name] = termBeganIn(lastTermIn(events).data).holder.split('@')
  const pid = processes.find((each) => each.name === name)?.pid
  assert.ok(pid, `${name} does not run`)
  return pid
}

function lastTermIn(events: readonly RecordedEvent[]): RecordedEvent {
  const last = events.findLast(({ stream }) => stream === 'terms-scheduler')
  assert.ok(last)
  return last
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
