import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type KubernetesObject, type Pod, resourceOf } from '@reckon/kubernetes'
import { byUser, recordedEvent } from '../recorded-event.fixture.ts'
import { storedOf } from '../stored-object.fixture.ts'
import { factsOf } from './facts-of.ts'

type Change = { before?: KubernetesObject; by?: string; isGone?: boolean; data?: object }

/** The Events that an event of the log makes of its object, each as a line. */
function told(type: string, object: KubernetesObject, change: Change = {}): string[] {
  const { before, by = 'ada', isGone = false, data = { patch: [] } } = change
  const event = recordedEvent(type, data, { metadata: byUser(by) })
  const made = factsOf({
    ...{ resource: resourceOf(object), stored: storedOf(object), event },
    ...(before && { before: storedOf(before) }),
    type: isGone ? 'DELETED' : before ? 'MODIFIED' : 'ADDED',
  })
  return made.map(({ involvedObject: { kind, name }, reason, message, source }) => {
    const from = [source.component, ...(source.host ? [source.host] : [])].join(' on ')
    return `${kind}/${name} ${reason}: ${message} (${from})`
  })
}

const ownedBy = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: 'o', controller: true }],
})
const ending = <T extends KubernetesObject>(object: T): T => ({
  ...object,
  metadata: { ...object.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
})
const pod = (status: NonNullable<Pod['status']> = {}, owner: object = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'shop', uid: 'p', ...owner },
  spec: { containers: [], nodeName: 'n1' },
  status,
})
const container = (state: object, containerID = 'c1') => ({
  ...{ name: 'app', image: 'app:1', imageID: '', ready: false, restartCount: 0 },
  ...{ containerID, state },
})
const running = { containerStatuses: [container({ running: {} })] }
const stopping = 'Pod/web-1 Killing: Stopping container app (kubelet on n1)'

test('a pod ends once: when its end is asked for, or when it is removed at once', () => {
  const asked = ending(pod(running))
  assert.deepEqual(told('PodDeletionRequested', asked, { before: pod(running) }), [stopping])
  assert.deepEqual(told('PodDeleted', asked, { before: asked, isGone: true }), [])
  assert.deepEqual(told('PodStatusChanged', asked, { before: asked }), [])
  const forced = { before: pod(running), isGone: true }
  assert.deepEqual(told('PodDeleted', pod(running), forced), [stopping])
})

test('of a pod that ends only the containers that run are stopped', () => {
  const over = pod({ containerStatuses: [container({ terminated: { exitCode: 0 } })] })
  assert.deepEqual(told('PodDeletionRequested', ending(over), { before: over }), [])
})

test('who controls a pod tells of it in its own words; nobody tells of a pod without one', () => {
  const by = 'system:controller:statefulset-controller'
  const ofSet = pod({}, ownedBy('StatefulSet', 'db'))
  const words = 'Pod web-1 in StatefulSet db successful (statefulset-controller)'
  assert.deepEqual(told('PodCreated', ofSet), [`StatefulSet/db SuccessfulCreate: create ${words}`])
  assert.deepEqual(told('PodDeletionRequested', ending(ofSet), { before: ofSet, by }), [
    `StatefulSet/db SuccessfulDelete: delete ${words}`,
  ])
  assert.deepEqual(told('PodCreated', pod()), [])
  assert.deepEqual(told('PodCreated', pod({}, ownedBy('Widget', 'w'))), [])
})

test('a daemon pod that is well, and a failed pod of another controller, are only deleted', () => {
  for (const [kind, component, phase] of [
    ['DaemonSet', 'daemonset-controller', 'Running'],
    ['ReplicaSet', 'replicaset-controller', 'Failed'],
  ] as const) {
    const before = pod({ phase }, ownedBy(kind, 'set'))
    const change = { before, by: `system:controller:${component}` }
    assert.deepEqual(told('PodDeletionRequested', ending(before), change), [
      `${kind}/set SuccessfulDelete: Deleted pod: web-1 (${component})`,
    ])
  }
})

test('a pod that was preempted names the scheduler which did that', () => {
  const preemptor = { uid: 'u', nodeName: 'n1', schedulerName: 'own' }
  const change = { before: pod(), data: { patch: [], preemptor } }
  assert.deepEqual(told('PodPreempted', ending(pod()), change), [
    'Pod/web-1 Preempted: Preempted by pod u on node n1 (own)',
  ])
})

test('why a node cannot have a pod is told once', () => {
  const evicted = pod({ reason: 'Evicted', message: 'The node was low on resource: memory.' })
  assert.deepEqual(told('PodFailed', evicted, { before: pod() }), [
    'Pod/web-1 Evicted: The node was low on resource: memory. (kubelet on n1)',
  ])
  assert.deepEqual(told('PodStatusChanged', evicted, { before: evicted }), [])
})

test('a container that could not be started was created, and no more', () => {
  const failed = pod({ containerStatuses: [container({ terminated: { reason: 'StartError' } })] })
  assert.deepEqual(told('PodStatusChanged', failed, { before: pod() }), [
    'Pod/web-1 Created: Created container: app (kubelet on n1)',
  ])
})

test('what a container waits for is told again when it is something else', () => {
  const waiting = (reason: string, message: string) =>
    pod({ containerStatuses: [container({ waiting: { reason, message } }, '')] })
  const reasonsAfter = (before: Pod, after: Pod) =>
    told('PodStatusChanged', after, { before }).length
  const missing = waiting('ErrImagePull', 'not found')
  assert.equal(reasonsAfter(pod(), missing), 2)
  assert.equal(reasonsAfter(missing, missing), 0)
  assert.equal(reasonsAfter(missing, waiting('ErrImagePull', 'no route')), 2)
  assert.equal(reasonsAfter(missing, waiting('CrashLoopBackOff', 'not found')), 1)
})

test('a ReplicaSet that no Deployment owns, and one that goes, scale nothing', () => {
  const set = (owner: object = {}): KubernetesObject => ({
    ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet', spec: { replicas: 2 } },
    metadata: { name: 'web', namespace: 'shop', ...owner },
  })
  assert.deepEqual(told('ReplicaSetCreated', set()), [])
  const owned = set(ownedBy('Deployment', 'web'))
  assert.deepEqual(told('ReplicaSetDeleted', owned, { before: owned, isGone: true }), [])
})

test('a budget that comes to select no pods says so, each time', () => {
  const budget = (expectedPods?: number): KubernetesObject => ({
    ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
    metadata: { name: 'web', namespace: 'shop' },
    ...(expectedPods !== undefined && { status: { expectedPods } }),
  })
  const isTold = (expectedPods: number | undefined, before?: number) =>
    told('PodDisruptionBudgetStatusChanged', budget(expectedPods), { before: budget(before) })
      .length === 1
  assert.deepEqual([isTold(0), isTold(0, 2)], [true, true])
  assert.deepEqual([isTold(0, 0), isTold(2, 0), isTold(2), isTold(undefined)], Array(4).fill(false))
  assert.deepEqual(told('PodDisruptionBudgetCreated', budget()), [])
})

test('an autoscaler that is made has scaled nothing yet', () => {
  const autoscaler = {
    ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
    metadata: { name: 'web', namespace: 'shop' },
  }
  const data = { object: autoscaler }
  assert.deepEqual(told('HorizontalPodAutoscalerCreated', autoscaler, { data }), [])
})

test('a CronJob tells once of a Job that it has deleted; a Job without one has nobody who tells', () => {
  const by = 'system:controller:cronjob-controller'
  const job = (owner: object = {}): KubernetesObject => ({
    ...{ apiVersion: 'batch/v1', kind: 'Job' },
    metadata: { name: 'nightly-1', namespace: 'shop', ...owner },
  })
  const owned = job(ownedBy('CronJob', 'nightly'))
  const deleted = ['CronJob/nightly SuccessfulDelete: Deleted job nightly-1 (cronjob-controller)']
  assert.deepEqual(told('JobDeletionRequested', ending(owned), { before: owned, by }), deleted)
  assert.deepEqual(told('JobDeleted', owned, { before: owned, by, isGone: true }), deleted)
  const again = { before: ending(owned), by, isGone: true }
  assert.deepEqual(told('JobDeleted', ending(owned), again), [])
  assert.deepEqual(told('JobDeletionRequested', ending(owned), { before: owned }), [])
  assert.deepEqual(told('JobCreated', job()), [])
})

test('what a node lacks is told where it changes', () => {
  const node = (status: string): KubernetesObject => ({
    ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, spec: {} },
    status: { conditions: [{ type: 'DiskPressure', status }] },
  })
  assert.deepEqual(told('NodeStatusChanged', node('True'), { before: node('False') }), [
    'Node/n1 NodeHasDiskPressure: Node n1 status is now: NodeHasDiskPressure (kubelet on n1)',
  ])
})
