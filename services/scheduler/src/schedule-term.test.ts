import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ObjectChanged } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import { StatusError } from '@reckon/kubernetes'
import { startedCluster } from './cluster.fixture.ts'
import { scheduleTerm } from './schedule-term.ts'

const decisionIn = (event: RecordedEvent | undefined) =>
  (event?.data as ObjectChanged | undefined)?.decision

/** That no other pod is in the same domain. */
const apartIn = (topologyKey: string) => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector: {} }],
    },
  },
})

test('a decision carries its term, its number, what was seen and what was assumed', async (t) => {
  const cluster = await startedCluster(t)
  await cluster.node('a')
  await cluster.pod('one')
  await cluster.pod('two')
  cluster.start((signal) => scheduleTerm(cluster.ports, 7, signal))
  await cluster.until('both are bound', () =>
    ['one', 'two'].every((name) => cluster.nodeOfPod(name) === 'a'),
  )
  const [first, second] = (await cluster.events('PodScheduled')).map(decisionIn)
  assert.deepEqual([first?.term, first?.number, first?.assumed], [7, 1, []])
  assert.deepEqual([second?.number, second?.assumed], [2, [1]])
  assert.equal(first?.policy, 'default')
  const seen = (await Array.fromAsync(cluster.log.readAll())).find(
    ({ id }) => id === first?.view.eventId,
  )
  assert.equal(String(seen?.position), first?.view.position)
})

test('what is assumed counts before it comes back: a node is not promised twice', async (t) => {
  const cluster = await startedCluster(t)
  await cluster.node('a', '1')
  await cluster.pod('one', '700m')
  await cluster.pod('two', '700m')
  cluster.start((signal) => scheduleTerm(cluster.ports, 1, signal))
  await cluster.until('the second is refused', async () => {
    return (await cluster.events('PodSchedulingFailed')).length === 1
  })
  assert.equal(cluster.nodeOfPod('one'), 'a')
  const [failed] = await cluster.events('PodSchedulingFailed')
  assert.equal(
    decisionIn(failed)?.message,
    '0/1 nodes are available: 1 Insufficient cpu. ' +
      'preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
  )
  assert.deepEqual(decisionIn(failed)?.assumed, [1])
})

test('a lost race is recorded as refused, and its room is free again', async (t) => {
  const cluster = await startedCluster(t)
  await cluster.node('a', '1')
  await cluster.pod('one', '700m')
  cluster.view.hold()
  await cluster.bindElsewhere('one', 'elsewhere')
  const { reader } = cluster.ports
  const blind = { ...cluster.ports, reader: { ...reader, waitForHead: async () => true } }
  cluster.start((signal) => scheduleTerm(blind, 1, signal))
  await cluster.until('it is recorded', async () => {
    return (await cluster.events('PlacementRefused')).length === 1
  })
  const [refused] = await cluster.events('PlacementRefused')
  assert.equal(refused?.stream, 'decisions-scheduler')
  const { podUid, ...rest } = (refused?.data ?? {}) as Record<string, unknown>
  assert.deepEqual(rest, { term: 1, number: 1, nodeName: 'a' })
  assert.ok(podUid)
  cluster.view.release()
  await cluster.pod('two', '700m')
  await cluster.until('the next one has the room', () => cluster.nodeOfPod('two') === 'a')
  assert.equal(cluster.nodeOfPod('one'), 'elsewhere')
})

test('what keeps others out of a whole zone lets them in once it ends, though they have no room where it ran', async (t) => {
  const cluster = await startedCluster(t)
  await cluster.node('small', '1', { zone: 'z' })
  await cluster.pod('one', '100m', apartIn('zone'))
  cluster.start((signal) => scheduleTerm(cluster.ports, 1, signal))
  await cluster.until('the first is bound', () => cluster.nodeOfPod('one') === 'small')
  await cluster.node('large', '4', { zone: 'z' })
  await cluster.pod('two', '2', apartIn('zone'))
  await cluster.until('the second is refused', async () => {
    return (await cluster.events('PodSchedulingFailed')).length === 1
  })
  await cluster.remove('one')
  await cluster.until('the second is bound', () => cluster.nodeOfPod('two') === 'large')
})

test('a view that lags holds up decisions before they rely on too many others', async (t) => {
  const cluster = await startedCluster(t)
  for (const name of ['a', 'b', 'c']) await cluster.node(name)
  const names = Array.from({ length: 300 }, (_, n) => `pod-${n}`)
  for (const name of names) await cluster.pod(name, '1m')
  cluster.view.hold()
  const { reader } = cluster.ports
  const blind = { ...cluster.ports, reader: { ...reader, waitForHead: async () => true } }
  cluster.start((signal) => scheduleTerm(blind, 1, signal))
  await cluster.until('as many as may be are recorded', async () => {
    return (await cluster.events('PodScheduled')).length === 256
  })
  cluster.view.release()
  await cluster.until('all are bound', () => names.every((name) => cluster.nodeOfPod(name)))
  const decisions = (await cluster.events('PodScheduled')).map(decisionIn)
  const most = Math.max(...decisions.map((decision) => decision?.assumed.length ?? 0))
  assert.equal(most, 255)
})

test('while the store is away nothing is lost; afterwards it goes on under new numbers', async (t) => {
  const cluster = await startedCluster(t)
  const { append } = cluster.faults
  cluster.faults.append = async () => {
    throw new StatusError('ServiceUnavailable', 'the store is away')
  }
  await cluster.node('a')
  await cluster.pod('one')
  cluster.start((signal) => scheduleTerm(cluster.ports, 1, signal))
  setTimeout(() => {
    cluster.faults.append = append
  }, 300)
  await cluster.until('it is bound', () => cluster.nodeOfPod('one') === 'a')
  const [scheduled] = await cluster.events('PodScheduled')
  const number = decisionIn(scheduled)?.number ?? 0
  assert.ok(number > 1)
  await cluster.until('the refusals are recorded', async () => {
    return (await cluster.events('PlacementRefused')).length === number - 1
  })
})

test('an append whose outcome was unknown, and that was recorded, is not reported as refused', async (t) => {
  const cluster = await startedCluster(t)
  const { append } = cluster.faults
  cluster.faults.append = async (...given) => {
    await append(...given)
    throw new StatusError('Timeout', 'no answer')
  }
  await cluster.node('a')
  await cluster.pod('one')
  cluster.start((signal) => scheduleTerm(cluster.ports, 1, signal))
  await cluster.until('it is bound', () => cluster.nodeOfPod('one') === 'a')
  cluster.faults.append = append
  await cluster.pod('two')
  await cluster.until('the next is bound', () => cluster.nodeOfPod('two') === 'a')
  assert.deepEqual(await cluster.events('PlacementRefused'), [])
})

test('an append whose outcome was unknown, and that arrives late, is recorded once and not reported as refused', async (t) => {
  const cluster = await startedCluster(t)
  const { append } = cluster.faults
  const underWay: Parameters<typeof append>[] = []
  cluster.faults.append = async (...given) => {
    underWay.push(given)
    if (underWay.length <= 2) throw new StatusError('Timeout', 'no answer')
    for (const late of underWay) await append(...late)
    return append(...given)
  }
  await cluster.node('a')
  await cluster.pod('one')
  cluster.start((signal) => scheduleTerm(cluster.ports, 1, signal))
  await cluster.until('it is bound', () => cluster.nodeOfPod('one') === 'a')
  cluster.faults.append = append
  await cluster.pod('two')
  await cluster.until('the next is bound', () => cluster.nodeOfPod('two') === 'a')
  assert.equal((await cluster.events('PodScheduled')).length, 2)
  assert.deepEqual(await cluster.events('PlacementRefused'), [])
})
