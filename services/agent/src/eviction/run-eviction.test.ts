import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionOf, type Node } from '@reckon/kubernetes'
import { RuntimeRefusal } from '../runtime/runtime.ts'
import { simulatedNode } from '../simulated/simulated-node.fixture.ts'

const mebibyte = 2 ** 20
const lookEveryMs = 10_000
const options = {
  memoryBytes: 100 * mebibyte,
  evictionThresholds: { memory: { bytes: 50 * mebibyte } },
  evictionTransitionMs: 60_000,
}
const hasEnded = ({ state }: { state: string }) => state === 'Exited'
const pressureOf = (node: Node) => conditionOf(node.status, 'MemoryPressure')?.status
/** Of what a container may use at most a simulated one uses half. */
const using = (mebibytes: number) => [
  { name: 'c', image: 'i', resources: { limits: { memory: `${2 * mebibytes}Mi` } } },
]

test('a pod that takes its node over its threshold is evicted, not its neighbours, and the node tells', async () => {
  await using node = await simulatedNode(options)
  node.upsert(node.pod('small', { containers: using(10) }))
  node.upsert(node.pod('big', { containers: using(60) }))
  for (const name of ['small', 'big']) {
    await node.statusOf(name, ({ phase }) => phase === 'Running')
  }
  await node.clock.advance(lookEveryMs)
  const evicted = await node.statusOf('big', ({ phase }) => phase === 'Failed')
  assert.equal(evicted.reason, 'Evicted')
  assert.match(
    evicted.message ?? '',
    /^The node was low on resource: memory\. .*available: 30720Ki/,
  )
  assert.equal(conditionOf(evicted, 'DisruptionTarget')?.reason, 'TerminationByKubelet')
  assert.ok(node.notesOf('big').some(({ reason }) => reason === 'Evicted'))
  await node.nodeReport((each) => pressureOf(each) === 'True')
  await node.settle(async () => (await node.runtime.list('uid-big')).every(hasEnded))

  await node.clock.advance(3 * lookEveryMs)
  assert.equal((await node.podReport('small')).status.phase, 'Running')
  const nobody = { ...node.pod('nobody', { containers: using(1) }) }
  node.upsert({ ...nobody, status: { phase: 'Pending', qosClass: 'BestEffort' } })
  const refused = await node.statusOf('nobody', ({ phase }) => phase === 'Failed')
  assert.equal(refused.reason, 'Evicted')

  await node.clock.advance(options.evictionTransitionMs)
  await node.nodeReport((each) => pressureOf(each) === 'False')
})

test('a disk that runs full is cleared of images first; then who has written most is evicted, and nobody is taken', async () => {
  const diskBytes = 100 * 2 ** 30
  await using node = await simulatedNode({
    evictionThresholds: { disk: { share: 0.1 } },
    evictionTransitionMs: 60_000,
  })
  for (const name of ['small', 'big']) node.upsert(node.pod(name, { containers: using(1) }))
  for (const name of ['small', 'big']) {
    await node.statusOf(name, ({ phase }) => phase === 'Running')
  }
  node.runtime.use('uid-small', { writtenBytes: 2 ** 30 })
  node.runtime.use('uid-big', { writtenBytes: 0.9 * diskBytes })
  await node.clock.advance(lookEveryMs)
  const evicted = await node.statusOf('big', ({ phase }) => phase === 'Failed')
  assert.match(evicted.message ?? '', /^The node was low on resource: ephemeral-storage\. /)
  await node.nodeReport((each) => conditionOf(each.status, 'DiskPressure')?.status === 'True')
  node.upsert(node.pod('late', { containers: using(1) }))
  const refused = await node.statusOf('late', ({ phase }) => phase === 'Failed')
  assert.match(refused.message ?? '', /had condition: \[DiskPressure\]/)
  // What was evicted is gone from the disk with all that it wrote, or others would go for it.
  await node.clock.advance(lookEveryMs)
  await node.settle(async () => (await node.runtime.list('uid-big')).length === 0)
  await node.settle(async () => !(await node.disk.pods()).includes('uid-big'))
  assert.ok((await node.disk.pods()).includes('uid-small'))
  for (let look = 0; look < 3; look++) await node.clock.advance(lookEveryMs)
  assert.equal((await node.podReport('small')).status.phase, 'Running')
})

test('memory is looked after while it takes long to count what fills the disk', async () => {
  const evictionThresholds = { ...options.evictionThresholds, disk: { share: 1 } }
  await using node = await simulatedNode({ ...options, evictionThresholds })
  const counted = Promise.withResolvers<number>()
  node.disk.usedBytes = () => counted.promise
  node.upsert(node.pod('greedy', { containers: using(30) }))
  await node.statusOf('greedy', ({ phase }) => phase === 'Running')
  node.runtime.use('uid-greedy', { writtenBytes: 1 })
  await node.clock.advance(lookEveryMs)
  node.runtime.use('uid-greedy', { memoryBytes: 90 * mebibyte })
  await node.clock.advance(lookEveryMs)
  const evicted = await node.statusOf('greedy', ({ phase }) => phase === 'Failed')
  assert.match(evicted.message ?? '', /^The node was low on resource: memory\. /)
  counted.resolve(0)
})

test('a pod that has written more than its own limits allow is evicted, and is to blame for it', async () => {
  await using node = await simulatedNode()
  const limited = (limit: string) => [
    { name: 'c', image: 'i', resources: { limits: { 'ephemeral-storage': limit } } },
  ]
  const volumes = [{ name: 'v', emptyDir: { sizeLimit: '1Mi' } }]
  node.upsert(node.pod('modest', { containers: limited('2Gi'), volumes }))
  node.upsert(node.pod('writing', { containers: limited('1Gi') }))
  node.upsert(node.pod('filling', { containers: using(1), volumes }))
  const names = ['modest', 'writing', 'filling']
  for (const name of names) await node.statusOf(name, ({ phase }) => phase === 'Running')
  for (const name of names) node.runtime.use(`uid-${name}`, { writtenBytes: 1.5 * 2 ** 30 })
  const isFilling = (podUid: string) => podUid === 'uid-filling'
  node.disk.volumeBytes = async (podUid) => (isFilling(podUid) ? 2 : 1) * mebibyte
  await node.clock.advance(lookEveryMs)
  const ends = {
    writing: 'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ',
    filling: 'Usage of EmptyDir volume "v" exceeds the limit "1Mi". ',
  }
  for (const [name, message] of Object.entries(ends)) {
    const status = await node.statusOf(name, ({ phase }) => phase === 'Failed')
    assert.deepEqual([status.reason, status.message], ['Evicted', message])
    assert.equal(conditionOf(status, 'DisruptionTarget'), undefined)
    assert.ok(node.notesOf(name).some((note) => note.message === message))
    await node.settle(async () => !(await node.disk.pods()).includes(`uid-${name}`))
  }
  await node.clock.advance(3 * lookEveryMs)
  assert.equal((await node.podReport('modest')).status.phase, 'Running')
})

test('what an evicted pod wrote is given back though its machine refuses it first, and does not come back', async () => {
  await using node = await simulatedNode()
  const limits = { 'ephemeral-storage': '1Gi' }
  const volumes = [{ name: 'v', configMap: { name: 'settings' } }]
  const volumeMounts = [{ name: 'v', mountPath: '/v' }]
  const containers = [{ name: 'c', image: 'i', resources: { limits }, volumeMounts }]
  node.upsert(node.configMap('settings', { size: 'small' }))
  node.upsert(node.pod('writing', { containers, volumes }))
  await node.statusOf('writing', ({ phase }) => phase === 'Running')
  const { remove } = node.disk
  let refusals = 0
  node.disk.remove = (podUid) => {
    if (refusals++ === 0) throw new RuntimeRefusal('a mount is busy')
    return remove.call(node.disk, podUid)
  }
  node.runtime.use('uid-writing', { writtenBytes: 1.5 * 2 ** 30 })
  await node.clock.advance(lookEveryMs)
  await node.statusOf('writing', ({ phase }) => phase === 'Failed')
  await node.settle(() => refusals === 1)
  await node.clock.advance(lookEveryMs)
  const isGone = async () => !(await node.disk.pods()).includes('uid-writing')
  await node.settle(isGone)
  node.upsert(node.configMap('settings', { size: 'large' }))
  await node.clock.advance(lookEveryMs)
  assert.ok(await isGone())
})
