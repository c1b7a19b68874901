import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StatusError } from '@reckon/kubernetes'
import { startedCluster } from './cluster.fixture.ts'
import { scheduleTerm } from './schedule-term.ts'

/** A cluster with the node a, and a pod `web` whose claim is bound only once it has a node. */
async function startedWithClaim(...given: Parameters<typeof startedCluster>) {
  const cluster = await startedCluster(...given)
  await cluster.node('a')
  await cluster.storageClass('local', 'reckon.dev/local')
  await cluster.claim('data', 'local')
  const persistentVolumeClaim = { claimName: 'data' }
  await cluster.pod('web', '100m', { volumes: [{ name: 'data', persistentVolumeClaim }] })
  return cluster
}

test('a pod that waits for a claim of one pod at a time is placed once that is over, on a node of another', async (t) => {
  const cluster = await startedCluster(t)
  await cluster.node('full', '1')
  await cluster.storageClass('local', 'reckon.dev/local')
  await cluster.claim('data', 'local', 'ReadWriteOncePod')
  await cluster.volume('v')
  await cluster.bindClaim('data', 'v')
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]
  await cluster.pod('user', '100m', { volumes })
  await cluster.pod('filler', '900m')
  cluster.start((signal) => scheduleTerm(cluster.ports, 1, signal))
  const isPlaced = (name: string) => cluster.nodeOfPod(name) !== undefined
  await cluster.until('both run', () => ['user', 'filler'].every(isPlaced))
  await cluster.node('free')
  await cluster.pod('next', '500m', { volumes })
  await cluster.until('it waits', async () => {
    return (await cluster.events('PodSchedulingFailed')).length === 1
  })
  await cluster.remove('user')
  await cluster.until('it has the claim', () => cluster.nodeOfPod('next') === 'free')
})

test('any number of pods that wait for their claims hold up no other', async (t) => {
  const cluster = await startedCluster(t)
  for (const name of ['a', 'b', 'c']) await cluster.node(name, '40')
  await cluster.storageClass('local', 'reckon.dev/local')
  const names = Array.from({ length: 256 }, (_, n) => `data-${n}`)
  for (const claimName of names) {
    await cluster.claim(claimName, 'local')
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName } }]
    await cluster.pod(`of-${claimName}`, '1m', { volumes })
  }
  cluster.start((signal) => scheduleTerm(cluster.ports, 1, signal))
  await cluster.until('all claims have nodes', () => names.every(cluster.selectedNode))
  await cluster.pod('other')
  await cluster.until('it is bound', () => cluster.nodeOfPod('other') !== undefined)
})

test('a claim is told its node though the outcome of that was unknown: its pod is bound with it', async (t) => {
  const cluster = await startedWithClaim(t)
  const { append } = cluster.faults
  let unknown = 0
  cluster.faults.append = async (...given) => {
    unknown += 1
    if (unknown <= 2) throw new StatusError('Timeout', 'no answer')
    return append(...given)
  }
  cluster.start((signal) => scheduleTerm(cluster.ports, 1, signal))
  await cluster.until('the claim has its node', () => cluster.selectedNode('data') === 'a')
  await cluster.bindClaim('data', 'v')
  await cluster.until('the pod is bound', () => cluster.nodeOfPod('web') === 'a')
  assert.deepEqual(await cluster.events('PlacementRefused'), [])
})

test('a claim that nobody binds in time loses its node; its pod says so once, and rests', async (t) => {
  const cluster = await startedWithClaim(t)
  const { clock } = cluster.ports
  const hasNode = () => cluster.selectedNode('data') === 'a'
  const sleep: typeof clock.sleep = (ms, signal) =>
    ms < 60_000 ? clock.sleep(ms, signal) : cluster.until('the claim has its node', hasNode)
  const ports = { ...cluster.ports, clock: { ...clock, sleep } }
  cluster.start((signal) => scheduleTerm(ports, 1, signal))
  await cluster.until('it was tried twice', async () => {
    return (await cluster.events('PlacementRefused')).length === 2
  })
  assert.equal(cluster.selectedNode('data'), undefined)
  const [condition] = cluster.object('web')?.status?.conditions ?? []
  const { type, status, reason, message } = condition ?? {}
  assert.deepEqual([type, status, reason], ['PodScheduled', 'False', 'SchedulerError'])
  const why = 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded'
  assert.equal(message, why)
  assert.equal((await cluster.events('PodSchedulingFailed')).length, 1)
})

test('a claim that is bound while its pod rests for long wakes the pod', async (t) => {
  const cluster = await startedWithClaim(t)
  await cluster.volume('v')
  const hasNode = () => cluster.selectedNode('data') === 'a'
  let nowMs = Date.now()
  /** What lasts at most ten seconds is over at once; a longer rest goes on until the end. */
  const sleep: typeof cluster.ports.clock.sleep = async (ms, signal) => {
    if (ms === 60_000) return cluster.until('the claim has its node', hasNode)
    if (ms > 10_000)
      return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()))
    nowMs += ms
  }
  const ports = { ...cluster.ports, clock: { now: () => nowMs, sleep } }
  cluster.start((signal) => scheduleTerm(ports, 1, signal))
  await cluster.until('it rests longer than after other attempts', async () => {
    return (await cluster.events('PlacementRefused')).length === 5
  })
  assert.equal(cluster.nodeOfPod('web'), undefined)
  await cluster.bindClaim('data', 'v')
  await cluster.until('it is bound', () => cluster.nodeOfPod('web') === 'a')
})

test('a claim that is bound to a volume of another node meanwhile keeps its pod from the chosen one', async (t) => {
  const cluster = await startedWithClaim(t)
  await cluster.volume('v', 'b')
  const { append } = cluster.faults
  cluster.faults.append = async (...given) => {
    const [stream] = given
    const isFirst =
      stream === 'persistentvolumeclaims-default/data' && !cluster.selectedNode('data')
    cluster.faults.append = isFirst ? append : cluster.faults.append
    if (isFirst) await cluster.bindClaim('data', 'v')
    return append(...given)
  }
  cluster.start((signal) => scheduleTerm(cluster.ports, 1, signal))
  await cluster.until('the placement is refused', async () => {
    return (await cluster.events('PlacementRefused')).length === 1
  })
  assert.equal(cluster.nodeOfPod('web'), undefined)
  await cluster.node('b')
  await cluster.until('it is where its volume is', () => cluster.nodeOfPod('web') === 'b')
})
