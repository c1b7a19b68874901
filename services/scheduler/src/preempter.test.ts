import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedIn, refusedIn } from '@reckon/domain'
import { conflict, pods, StatusError } from '@reckon/kubernetes'
import { Replay } from '@reckon/scheduling'
import { startedCluster } from './cluster.fixture.ts'
import { scheduleTerm } from './schedule-term.ts'

type Cluster = Awaited<ReturnType<typeof startedCluster>>

const important = { priorityClassName: 'high' }

/** A full node, and a pod that is worth more than what stands there. */
async function fullNode(cluster: Cluster, { grace = 30 } = {}) {
  await cluster.priorityClass('high', 1_000)
  await cluster.priorityClass('higher', 2_000)
  await cluster.node('a', '1')
  await cluster.pod('low', '700m', { terminationGracePeriodSeconds: grace })
  cluster.start((signal) => scheduleTerm(cluster.ports, 1, signal))
  await cluster.until('the first is bound', () => cluster.nodeOfPod('low') === 'a')
  await cluster.pod('high', '700m', important)
}

const isEmpty = async (cluster: Cluster) => {
  const replay = new Replay()
  for await (const event of cluster.log.readAll()) replay.add(event)
  const { divergences, firstDivergence, unverifiable } = replay.end()
  assert.deepEqual([divergences, firstDivergence, unverifiable], [0, undefined, []])
}

test('a pod that is worth more gets the node of one that is worth less, once that has ended', async (t) => {
  const cluster = await startedCluster(t)
  await fullNode(cluster)
  await cluster.until('the victim goes', async () => {
    return (await cluster.events('PodPreempted')).length === 1
  })
  const [failed] = await cluster.events('PodSchedulingFailed')
  const [preempted] = await cluster.events('PodPreempted')
  assert.ok(failed && preempted)
  const { decision } = changedIn(failed)
  const { uid = '' } = cluster.object('high')?.metadata ?? {}
  assert.equal(decision?.message, '0/1 nodes are available: 1 Insufficient cpu.')
  assert.deepEqual(
    decision?.nomination?.victims.map(({ name }) => name),
    ['low'],
  )
  assert.equal(cluster.object('high')?.status?.nominatedNodeName, 'a')
  assert.deepEqual(changedIn(preempted).preemptor, {
    ...{ namespace: 'default', name: 'high', uid },
    nodeName: 'a',
    schedulerName: 'default-scheduler',
  })
  assert.equal(preempted.metadata?.$causationId, failed.id)
  const condition = cluster
    .object('low')
    ?.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')
  assert.deepEqual(
    [condition?.reason, condition?.message],
    ['PreemptionByScheduler', 'default-scheduler: preempting to accommodate a higher priority pod'],
  )
  // What was made for it nobody else takes meanwhile.
  await cluster.pod('other', '300m')
  await cluster.gone('low')
  await cluster.until('the room is taken', () => cluster.nodeOfPod('high') === 'a')
  assert.equal(cluster.object('high')?.status?.nominatedNodeName, undefined)
  await cluster.until('the rest is taken', () => cluster.nodeOfPod('other') === 'a')
  assert.equal((await cluster.events('PodPreempted')).length, 1)
  await isEmpty(cluster)
})

test('a victim without grace is gone at once, and its end says for whom', async (t) => {
  const cluster = await startedCluster(t)
  await fullNode(cluster, { grace: 0 })
  await cluster.until('the room is taken', () => cluster.nodeOfPod('high') === 'a')
  const [ended] = await cluster.events('PodDeleted')
  assert.equal(ended && changedIn(ended).preemptor?.nodeName, 'a')
  await isEmpty(cluster)
})

test('a nomination that is refused drives nobody away, and decisions that relied on it can be computed again', async (t) => {
  const cluster = await startedCluster(t)
  const { append } = cluster.faults
  let refusals = 0
  cluster.faults.append = async (stream, revision, events) => {
    const isNomination = events.some(({ data }) => JSON.stringify(data).includes('nomination'))
    if (!isNomination || refusals > 0) return append(stream, revision, events)
    refusals += 1
    await cluster.pod('other', '200m')
    throw conflict(pods, 'high', 'refused')
  }
  await fullNode(cluster)
  await cluster.until('it is tried again', async () => {
    return (await cluster.events('PodPreempted')).length === 1
  })
  const [refused] = await cluster.events('PlacementRefused')
  const [preempted] = await cluster.events('PodPreempted')
  assert.ok(refused && refusedIn(refused).isNomination && preempted)
  // The victim goes because of a later nomination, which is recorded.
  assert.ok(preempted.position > refused.position)
  const { $causationId } = preempted.metadata ?? {}
  const nominated = (await cluster.events('PodSchedulingFailed')).find(
    ({ id }) => id === $causationId,
  )
  assert.ok(nominated)
  assert.notEqual(changedIn(nominated).decision?.number, refusedIn(refused).number)
  await isEmpty(cluster)
})

test('a nomination whose outcome was unknown is recorded once', async (t) => {
  const cluster = await startedCluster(t)
  const { append } = cluster.faults
  let lost = 0
  cluster.faults.append = async (stream, revision, events) => {
    const isNomination = events.some(({ data }) => JSON.stringify(data).includes('nomination'))
    if (!isNomination || lost === 2) return append(stream, revision, events)
    // Of the first it is recorded and not answered, and the question whether it is reaches nobody.
    lost += 1
    if (lost === 1) await append(stream, revision, events)
    throw new StatusError('Timeout', 'no answer')
  }
  await fullNode(cluster)
  await cluster.until('the victim goes', async () => {
    return (await cluster.events('PodPreempted')).length === 1
  })
  assert.equal((await cluster.events('PodSchedulingFailed')).length, 1)
  assert.deepEqual(await cluster.events('PlacementRefused'), [])
})

test('a victim that cannot be made to go is not waited for, and its pod is decided again', async (t) => {
  const cluster = await startedCluster(t)
  const { append } = cluster.faults
  let refusals = 0
  cluster.faults.append = async (stream, revision, events) => {
    const isEviction = events.some(({ type }) => type === 'PodPreempted')
    if (!isEviction || refusals > 0) return append(stream, revision, events)
    refusals += 1
    throw conflict(pods, 'low', 'refused')
  }
  await fullNode(cluster)
  await cluster.until('it is tried again', async () => {
    return (await cluster.events('PodPreempted')).length === 1
  })
  assert.equal((await cluster.events('PodSchedulingFailed')).length, 2)
  await isEmpty(cluster)
})

test('a pod whose placement is refused while room is made stays, for it stands nowhere', async (t) => {
  const cluster = await startedCluster(t)
  const { append } = cluster.faults
  const nominated = Promise.withResolvers<void>()
  let refusals = 0
  cluster.faults.append = async (stream, revision, events) => {
    const isPlacement = events.some(({ type }) => type === 'PodScheduled')
    if (isPlacement && refusals === 0) {
      refusals += 1
      await nominated.promise
      throw conflict(pods, 'low', 'refused')
    }
    const appended = await append(stream, revision, events)
    if (JSON.stringify(events[0]?.data).includes('nomination')) nominated.resolve()
    return appended
  }
  await cluster.priorityClass('high', 1_000)
  await cluster.node('a', '1')
  await cluster.pod('low', '700m')
  cluster.start((signal) => scheduleTerm(cluster.ports, 1, signal))
  await cluster.pod('high', '700m', important)
  await cluster.until('the room is taken', () => cluster.nodeOfPod('high') === 'a')
  assert.notEqual(cluster.object('low'), undefined)
  assert.deepEqual(await cluster.events('PodDeleted'), [])
  await isEmpty(cluster)
})

test('where a pod with a higher priority gets the node, the one before looks for another', async (t) => {
  const cluster = await startedCluster(t)
  await fullNode(cluster)
  await cluster.until('the node is kept', () => {
    return cluster.object('high')?.status?.nominatedNodeName === 'a'
  })
  await cluster.pod('higher', '700m', { priorityClassName: 'higher' })
  await cluster.until('it is kept for another', () => {
    return cluster.object('high')?.status?.nominatedNodeName === undefined
  })
  assert.equal(cluster.object('higher')?.status?.nominatedNodeName, 'a')
  await cluster.gone('low')
  await cluster.until('the room is taken', () => cluster.nodeOfPod('higher') === 'a')
  await cluster.node('b', '1')
  await cluster.until('it found another', () => cluster.nodeOfPod('high') === 'b')
  await isEmpty(cluster)
})
