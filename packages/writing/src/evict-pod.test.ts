import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionOf, type Pod } from '@reckon/kubernetes'
import { byAda, foundedCluster, pod } from './cluster.fixture.ts'
import { evictPod } from './evict-pod.ts'
import { bindPod, reportPodStatus } from './pod.ts'

const web = { namespace: 'default', name: 'web' }
const because = { reason: 'DeletionByTaintManager', message: 'because' }

async function clusterWithPod() {
  const cluster = await foundedCluster()
  const { object } = await cluster.create('pods', pod('web'))
  await cluster.catchUp()
  const { uid = '' } = object.metadata
  const evict = (options: object = {}) =>
    evictPod(cluster.ports, { pod: { ...web, uid }, because, origin: byAda, ...options })
  return { ...cluster, uid, evict }
}
const targetOf = (object: object) => conditionOf((object as Pod).status, 'DisruptionTarget')

test('a pod that runs is told to end, and why; once', async () => {
  const { ports, uid, evict } = await clusterWithPod()
  await bindPod(ports, { pod: web, nodeName: 'a', origin: byAda })
  const { event, stored } = await evict({ gracePeriodSeconds: 7 })
  assert.equal(event?.type, 'PodEvicted')
  assert.equal(stored.object.metadata.deletionGracePeriodSeconds, 7)
  const { status, reason, message } = targetOf(stored.object) ?? {}
  assert.deepEqual({ status, reason, message }, { status: 'True', ...because })
  const another = { reason: 'EvictionByEvictionAPI', message: 'another' }
  assert.equal((await evict({ because: another })).event, undefined)

  const report = { type: 'PodStatus', ...web, uid, boot: 1, number: 1 } as const
  const told = await reportPodStatus(ports, {
    report: { ...report, status: { phase: 'Running' }, cause: { id: 'c', correlationId: 'c' } },
    eventId: '00000000-0000-4000-8000-000000000990',
    origin: byAda,
  })
  assert.equal(targetOf(told.stored.object)?.status, 'True')
})

test('a pod that nobody runs yet is gone at once', async () => {
  const { evict } = await clusterWithPod()
  assert.equal((await evict()).event?.type, 'PodDeleted')
  await assert.rejects(evict(), { reason: 'NotFound' })
})

test('no pod makes room on a node on which it does not stand', async () => {
  const { ports, evict } = await clusterWithPod()
  const preemptor = { uid: 'high', nodeName: 'a', schedulerName: 'default-scheduler' }
  await assert.rejects(evict({ preemptor }), { reason: 'Conflict' })
  await bindPod(ports, { pod: web, nodeName: 'a', origin: byAda })
  const elsewhere = { ...preemptor, nodeName: 'b' }
  await assert.rejects(evict({ preemptor: elsewhere }), { reason: 'Conflict' })
  assert.equal((await evict({ preemptor })).event?.type, 'PodPreempted')
})

test('another pod of that name is left alone', async () => {
  const { evict } = await clusterWithPod()
  await assert.rejects(evict({ pod: { ...web, uid: 'another' } }), { reason: 'Conflict' })
})
