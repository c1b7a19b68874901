import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedIn, streamOf } from '@reckon/domain'
import { type Pod, type PodCondition, pods } from '@reckon/kubernetes'
import { changeObject } from './change-object.ts'
import { byAda, foundedCluster, pod } from './cluster.fixture.ts'
import { deleteObject } from './delete-object.ts'
import {
  bindPod,
  recordBindingFailure,
  recordSchedulingFailure,
  reportPodGone,
  reportPodStatus,
  withdrawNomination,
} from './pod.ts'

const web = { namespace: 'default', name: 'web' }
const decision = (message: string) => ({ term: 1, number: 1, message }) as never

async function clusterWithPod() {
  const cluster = await foundedCluster()
  const { object } = await cluster.create('pods', pod('web'))
  await cluster.catchUp()
  const { uid = '' } = object.metadata
  const fail = (message: string) =>
    recordSchedulingFailure(cluster.ports, { pod: web, decision: decision(message), origin: byAda })
  const bind = (options: object = {}) =>
    bindPod(cluster.ports, { pod: web, nodeName: 'a', origin: byAda, ...options })
  const report = (number: number, status: Pod['status']) =>
    reportPodStatus(cluster.ports, {
      report: { ...web, uid, boot: 1, number, status: status ?? {} } as never,
      eventId: `00000000-0000-4000-8000-0000000009${number}0`,
      origin: byAda,
    })
  return { ...cluster, uid, fail, bind, report }
}
const conditionsOf = (object: object) => (object as Pod).status?.conditions ?? []
const scheduledOf = (object: object) =>
  conditionsOf(object).filter(({ type }) => type === 'PodScheduled')

test('why no node can run a pod is recorded once for each message, since the first', async () => {
  const { fail, clock } = await clusterWithPod()
  const first = await fail('no nodes')
  assert.equal(first.event?.type, 'PodSchedulingFailed')
  const [condition] = scheduledOf(first.stored.object)
  assert.deepEqual(
    [condition?.status, condition?.reason, condition?.message, condition?.lastTransitionTime],
    ['False', 'Unschedulable', 'no nodes', '2026-11-21T00:00:00Z'],
  )
  await clock.sleep(60_000)
  assert.equal((await fail('no nodes')).event, undefined)
  const other = scheduledOf((await fail('no room')).stored.object)
  assert.deepEqual(
    other.map(({ message, lastTransitionTime }) => [message, lastTransitionTime]),
    [['no room', '2026-11-21T00:00:00Z']],
  )
})

test('a pod that is bound does not fail to be scheduled any more', async () => {
  const { bind, fail } = await clusterWithPod()
  await fail('no nodes')
  const bound = await bind()
  assert.deepEqual(
    scheduledOf(bound.stored.object).map(({ status }) => status),
    ['True'],
  )
  assert.equal((await fail('no nodes')).event, undefined)
  assert.equal((await fail('no room')).event, undefined)
})

test('failing to be scheduled leaves the other conditions of a pod as they are, and so does binding', async () => {
  const { bind, fail, ports } = await clusterWithPod()
  const ready = { type: 'Ready', status: 'False', message: 'no nodes' } as const
  const kinds = async (by: ReturnType<typeof bind>) =>
    conditionsOf((await by).stored.object).map(({ type, status }) => `${type}=${status}`)
  const tell = (conditions: PodCondition[]) =>
    changeObject(ports, {
      target: { resource: pods, ...web },
      change: (it) => ({ ...it, status: { ...it.status, conditions } }),
      subresource: 'status',
      origin: byAda,
    })
  await tell([ready])
  const failed = fail('no nodes')
  assert.deepEqual(await kinds(failed), ['Ready=False', 'PodScheduled=False'])
  await tell([...conditionsOf((await failed).stored.object)].reverse())
  assert.equal((await fail('no nodes')).event, undefined)
  assert.deepEqual(await kinds(bind()), ['Ready=False', 'PodScheduled=True'])
})

test('a decision and an id come with the binding where they are given', async () => {
  const id = '00000000-0000-4000-8000-000000000999'
  const { event } = await (await clusterWithPod()).bind({ decision: decision(''), eventId: id })
  assert.equal(event?.id, id)
  assert.deepEqual(event?.data, {
    patch: changedIn(event ?? assert.fail()).patch,
    decision: decision(''),
  })
  const plain = await (await clusterWithPod()).bind()
  assert.ok(plain.event?.id.startsWith('00000000-0000-4000-8000-0000000000'))
  assert.equal(changedIn(plain.event ?? assert.fail()).decision, undefined)
})

test('a binding and a failure meant for another pod of that name are refused', async () => {
  const { ports, bind } = await clusterWithPod()
  const other = { ...web, uid: 'another' }
  await assert.rejects(bind({ pod: other }), { reason: 'Conflict' })
  const failure = { pod: other, decision: decision('x'), origin: byAda }
  await assert.rejects(recordSchedulingFailure(ports, failure), { reason: 'Conflict' })
})

test('the very pod that was meant is bound, and its failure recorded', async () => {
  const first = await clusterWithPod()
  const own = { ...web, uid: first.uid }
  const failed = { pod: own, decision: decision('x'), origin: byAda }
  assert.ok((await recordSchedulingFailure(first.ports, failed)).event)
  assert.ok((await first.bind({ pod: own })).event)
})

test('an agent’s report replaces the status but for what was decided before it came in', async () => {
  const { bind, report } = await clusterWithPod()
  await bind()
  const conditions = [
    { type: 'PodScheduled', status: 'False' },
    { type: 'Ready', status: 'True' },
  ]
  const { stored } = await report(1, { phase: 'Running', conditions } as Pod['status'])
  const { status } = stored.object as Pod
  assert.deepEqual(
    status?.conditions?.map(({ type, status }) => [type, status]),
    [
      ['PodScheduled', 'True'],
      ['Ready', 'True'],
    ],
  )
  assert.deepEqual([status?.phase, status?.qosClass], ['Running', 'BestEffort'])
})

test('a later report leaves nothing of what an earlier one said', async () => {
  const { bind, report } = await clusterWithPod()
  await bind()
  const ready = (status: string) =>
    ({ phase: 'Running', conditions: [{ type: 'Ready', status }] }) as Pod['status']
  await report(1, ready('False'))
  const { stored } = await report(2, ready('True'))
  const types = conditionsOf(stored.object).map(({ type, status }) => `${type}=${status}`)
  assert.deepEqual(types, ['PodScheduled=True', 'Ready=True'])
})

test('a terminating pod that is finished stays until its agent has let go of it', async () => {
  const { bind, report, ports, uid } = await clusterWithPod()
  const target = { resource: pods, ...web }
  await bind()
  await deleteObject(ports, { target, origin: byAda })
  await report(1, { phase: 'Succeeded' })
  const change = (it: Pod) => ({ ...it, metadata: { ...it.metadata, labels: { a: 'b' } } })
  assert.equal(
    (await changeObject(ports, { target, change, origin: byAda })).event?.type,
    'PodChanged',
  )
  const gone = { ...web, uid, type: 'PodGone' } as never
  assert.equal(
    (await reportPodGone(ports, { report: gone, origin: byAda })).event?.type,
    'PodDeleted',
  )
})

test('a report of a pod that says nothing else of itself adds nothing', async () => {
  const { report } = await clusterWithPod()
  const { stored } = await report(1, { phase: 'Running' })
  assert.deepEqual(conditionsOf(stored.object), [])
})

test('a quality of service that was never said is not made up by a report', async () => {
  const { log, catchUp, ports } = await foundedCluster()
  const bare = { ...pod('bare'), metadata: { ...pod('bare').metadata, uid: 'b' } }
  const metadata = { actor: { user: 'a' }, verb: 'v', time: '', $correlationId: 'c' }
  const created = { id: ports.ids.next(), type: 'PodCreated', data: { object: bare }, metadata }
  await log.append(streamOf(pods, 'default', 'bare'), 'NoStream', [created])
  await catchUp()
  const { stored } = await reportPodStatus(ports, {
    report: {
      namespace: 'default',
      name: 'bare',
      uid: 'b',
      boot: 1,
      number: 1,
      status: {},
    } as never,
    eventId: ports.ids.next(),
    origin: byAda,
  })
  assert.deepEqual((stored.object as Pod).status, { conditions: [] })
})

test('that its agent has let go of a pod ends it only if it terminates', async () => {
  const { ports, bind, uid } = await clusterWithPod()
  await bind()
  const gone = () => reportPodGone(ports, { report: { ...web, uid } as never, origin: byAda })
  assert.equal((await gone()).event, undefined)
  await deleteObject(ports, { target: { resource: pods, ...web }, origin: byAda })
  assert.equal((await gone()).event?.type, 'PodDeleted')
})

/** A decision that makes pods leave node `a` for this one. */
const preempting = { ...Object(decision('no room')), nomination: { nodeName: 'a', victims: [] } }

async function clusterWithNominee() {
  const cluster = await clusterWithPod()
  const nominate = (options: object = {}) =>
    recordSchedulingFailure(cluster.ports, {
      ...{ pod: web, decision: preempting, origin: byAda },
      ...options,
    })
  const withdraw = (nodeName: string, ref: object = {}) =>
    withdrawNomination(cluster.ports, { pod: { ...web, ...ref }, nodeName, origin: byAda })
  return { ...cluster, nominate, withdraw }
}
const nominatedFor = (object: object) => (object as Pod).status?.nominatedNodeName

test('each round in which pods must leave is recorded, and asked for again it is so once', async () => {
  const { nominate } = await clusterWithNominee()
  const eventId = '00000000-0000-4000-8000-000000000998'
  const first = await nominate({ eventId })
  assert.equal(first.event?.id, eventId)
  assert.equal(nominatedFor(first.stored.object), 'a')
  assert.equal((await nominate({ eventId })).event, undefined)
  assert.ok((await nominate()).event)
})

test('nobody must leave for a pod that has a node, or goes', async () => {
  const bound = await clusterWithNominee()
  await bound.bind()
  await assert.rejects(bound.nominate(), { reason: 'Conflict', message: /pod web needs no node/ })
  const going = await clusterWithNominee()
  await going.bind()
  await deleteObject(going.ports, { target: { resource: pods, ...web }, origin: byAda })
  await assert.rejects(going.nominate(), { reason: 'Conflict' })
})

test('that another node, or none, is kept for a pod is recorded though the reason is the same', async () => {
  const { fail, nominate } = await clusterWithNominee()
  await nominate()
  const { event, stored } = await fail('no room')
  assert.ok(event)
  assert.ok(!('nominatedNodeName' in ((stored.object as Pod).status ?? {})))
  assert.equal((await fail('no room')).event, undefined)
})

test('a node is kept for a pod no longer once it is withdrawn, and only that node', async () => {
  const { nominate, withdraw, uid } = await clusterWithNominee()
  assert.equal((await withdraw('a')).event, undefined)
  await nominate()
  assert.equal((await withdraw('b')).event, undefined)
  await assert.rejects(withdraw('a', { uid: 'another' }), { reason: 'Conflict' })
  const { stored } = await withdraw('a', { uid })
  assert.equal(nominatedFor(stored.object), undefined)
  assert.equal(scheduledOf(stored.object).length, 1)
})

test('a decision that keeps a nomination does not bring back one that was cleared since', async () => {
  const { ports, nominate, fail } = await clusterWithNominee()
  const keep = (message: string) =>
    recordSchedulingFailure(ports, {
      ...{ pod: web, decision: decision(message), keepsNomination: true, origin: byAda },
    })
  await nominate()
  assert.equal(nominatedFor((await keep('pods are leaving')).stored.object), 'a')
  assert.equal(nominatedFor((await fail('no nodes')).stored.object), undefined)
  assert.equal(nominatedFor((await keep('pods are leaving')).stored.object), undefined)
})

test('that what a pod needs on its node did not come is recorded once for each message', async () => {
  const { ports, bind, clock, uid } = await clusterWithPod()
  const fail = (message: string, ref: object = {}) =>
    recordBindingFailure(ports, { pod: { ...web, ...ref }, message, origin: byAda })
  const first = await fail('no volume')
  assert.equal(first.event?.type, 'PodSchedulingFailed')
  const [condition] = scheduledOf(first.stored.object)
  assert.deepEqual(
    [condition?.status, condition?.reason, condition?.message],
    ['False', 'SchedulerError', 'no volume'],
  )
  assert.equal((first.stored.object as Pod).status?.phase, 'Pending')
  await clock.sleep(60_000)
  assert.equal((await fail('no volume')).event, undefined)
  await assert.rejects(fail('no other', { uid: 'another' }), { reason: 'Conflict' })
  const [other] = scheduledOf((await fail('no other', { uid })).stored.object)
  assert.equal(other?.lastTransitionTime, condition?.lastTransitionTime)
  await bind()
  assert.equal((await fail('no third')).event, undefined)
})

test('a report names the images that were there already, where any were', async () => {
  const { ports, uid } = await clusterWithPod()
  const report = async (number: number, more: object) => {
    const { event } = await reportPodStatus(ports, {
      report: { ...web, uid, boot: 1, number, status: { phase: `P${number}` }, ...more } as never,
      eventId: ports.ids.next(),
      origin: byAda,
    })
    return changedIn(event ?? assert.fail())
  }
  assert.deepEqual((await report(1, { imagesFound: ['c'] })).imagesFound, ['c'])
  assert.ok(!('imagesFound' in (await report(2, {}))))
})
