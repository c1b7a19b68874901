import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { RecordedEvent } from '@reckon/eventing'
import { conflict, pods } from '@reckon/kubernetes'
import { Replay, type ReplayReport } from '@reckon/scheduling'
import { startedCluster } from './cluster.fixture.ts'
import { scheduleTerm } from './schedule-term.ts'

const count = process.env.RECKON_TEST_LONG ? 5_000 : 200

/**
 * A history of pipelined placements by two terms, on nodes that come and change meanwhile, every tenth of them refused.
 */
async function history(t: Parameters<typeof startedCluster>[0]): Promise<RecordedEvent[]> {
  const cluster = await startedCluster(t)
  const { append } = cluster.faults
  let bindings = 0
  cluster.faults.append = async (stream, revision, events) => {
    const isBinding = events.some(({ type }) => type === 'PodScheduled')
    bindings += isBinding ? 1 : 0
    if (isBinding && bindings % 10 === 0) {
      // Meanwhile others are decided that rely on it.
      await setImmediate()
      throw conflict(pods, 'web', 'refused')
    }
    return append(stream, revision, events)
  }
  // A node takes no more than 110 pods.
  const more = Array.from({ length: count / 100 }, (_, n) => `more-${n}`)
  for (const name of ['a', 'b', 'c', ...more]) await cluster.node(name, `${count / 20}`)
  const first = new AbortController()
  const terms = async (signal: AbortSignal) => {
    await scheduleTerm(cluster.ports, 1, AbortSignal.any([signal, first.signal]))
    await scheduleTerm(cluster.ports, 2, signal)
  }
  cluster.start(terms)
  for (let pod = 0; pod < count; pod += 1) {
    await cluster.pod(`web-${pod}`, `${50 + (pod % 3) * 50}m`)
    if (pod === count / 2) first.abort()
    if (pod % 20 === 0) await cluster.node(`extra-${pod}`, '1')
  }
  await cluster.pod('too-large', '1000')
  // Each is looked for once: asked after every event, all of them again would be millions of looks.
  let placed = 0
  await cluster.until('all are placed', () => {
    while (placed < count && cluster.nodeOfPod(`web-${placed}`) !== undefined) placed += 1
    return placed === count
  })
  await cluster.until('it is told that one is too large', async () => {
    return (await cluster.events('PodSchedulingFailed')).length > 0
  })
  return Array.fromAsync(cluster.log.readAll())
}

/** A pod gets another label between its decision and the event of that; meanwhile another pod is decided. */
async function changedWhileAssumed(t: Parameters<typeof startedCluster>[0]) {
  const cluster = await startedCluster(t)
  const { append } = cluster.faults
  const begun = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  cluster.faults.append = async (stream, revision, events) => {
    if (stream === 'pods-default/first' && events.some(({ type }) => type === 'PodScheduled')) {
      begun.resolve()
      await held.promise
    }
    return append(stream, revision, events)
  }
  await cluster.node('a')
  cluster.start((signal) => scheduleTerm(cluster.ports, 1, signal))
  await cluster.pod('first')
  await begun.promise
  await cluster.label('first', { app: 'other' })
  await cluster.pod('second')
  await cluster.until('the second is placed', () => cluster.nodeOfPod('second') !== undefined)
  held.resolve()
  await cluster.until('the first is placed', () => cluster.nodeOfPod('first') !== undefined)
  return Array.fromAsync(cluster.log.readAll())
}

function replayed(events: readonly RecordedEvent[]): ReplayReport {
  const replay = new Replay()
  for (const event of events) replay.add(event)
  return replay.end()
}

test('pipelined placements, a tenth of them refused, come out the same again', async (t) => {
  const events = await history(t)
  const report = replayed(events)
  assert.deepEqual([report.firstDivergence, report.unverifiable], [undefined, []])
  assert.ok(report.decisions > count)
  assert.deepEqual(replayed(events), report)

  const withoutRefusals = events.filter(({ type }) => type !== 'PlacementRefused')
  const lost = replayed(withoutRefusals)
  assert.equal(lost.divergences, 0)
  assert.match(lost.unverifiable[0]?.why ?? '', /relied on decision \d+, of which nothing is/)

  const node = events.findIndex(({ stream }) => stream === 'nodes-/b')
  const otherwise = replayed(events.toSpliced(node, 1))
  assert.ok(otherwise.divergences > 0)
  assert.notEqual(otherwise.firstDivergence?.recorded.state, undefined)
})

test('a pod that changes before its placement is recorded counts as it is by then', async (t) => {
  const report = replayed(await changedWhileAssumed(t))
  assert.deepEqual([report.firstDivergence, report.unverifiable], [undefined, []])
  assert.equal(report.decisions, 2)
})
