import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordedEvent } from '@reckon/eventing'
import { type KubernetesObject, type Pod, resourceOf } from '@reckon/kubernetes'
import type { Note } from '../note.ts'
import { storedOf } from '../stored-object.fixture.ts'
import { ComputedEvents } from './computed-events.ts'
import type { ObjectChange } from './objects.ts'

const began = Date.UTC(2026, 0, 1)

/** A view that is told of changes and notes by hand, so many seconds after the beginning. */
function telling() {
  const listeners: ((change: ObjectChange) => void)[] = []
  const noteListeners: ((event: RecordedEvent) => void)[] = []
  const told = new ComputedEvents({
    subscribe: (listener) => {
      listeners.push(listener)
      return () => {}
    },
    notes: {
      subscribe: (listener) => {
        noteListeners.push(listener)
        return () => {}
      },
    },
  })
  let position = 0n
  const eventOf = (type: string, user: string, seconds: number, data: unknown) => {
    position += 1n
    const id = `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`
    const time = new Date(began + seconds * 1000).toISOString()
    const metadata = { actor: { user }, verb: 'x', time, $correlationId: 'request' }
    return { id, type, stream: 's', revision: 0n, position, data, metadata } as RecordedEvent
  }
  return {
    change: (
      type: string,
      object: KubernetesObject,
      {
        before,
        by = 'x',
        seconds = 0,
        joined = {},
      }: { before?: KubernetesObject; by?: string; seconds?: number; joined?: object } = {},
    ) => {
      const change: ObjectChange = {
        type: before ? 'MODIFIED' : 'ADDED',
        resource: resourceOf(object),
        stored: storedOf(object),
        ...(before && { before: storedOf(before) }),
        event: eventOf(type, by, seconds, { patch: [], ...joined }),
      }
      for (const listener of listeners) listener(change)
    },
    told,
    note: (note: Note, seconds = 0) => {
      for (const listener of noteListeners) listener(eventOf('NoteRecorded', 'x', seconds, note))
    },
    lines: () =>
      Array.from(told.all(), ({ object }) => {
        const { involvedObject, type, reason, message, count } = object
        return `${type} ${reason} ${involvedObject.kind}/${involvedObject.name} ${message} x${count}`
      }),
  }
}

const controlled = (kind: string, name: string) => ({
  apiVersion: 'apps/v1',
  ...{ kind, name, uid: `uid of ${name}`, controller: true },
})
const pod = (fields: { status?: Pod['status']; metadata?: object; node?: string } = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...{ name: 'web-1', namespace: 'shop', uid: 'p' },
    ownerReferences: [controlled('ReplicaSet', 'web')],
    ...fields.metadata,
  },
  spec: { containers: [], nodeName: fields.node ?? 'node-1' },
  ...(fields.status && { status: fields.status }),
})
const containers = (state: object, containerID = '') => ({
  containerStatuses: [
    { name: 'app', image: 'app:1', imageID: '', ready: true, restartCount: 0, containerID, state },
  ],
})

test('a pod is made by its set, placed, started and ended, in upstream’s words', () => {
  const { change, lines } = telling()
  const running = pod({ status: containers({ running: {} }, 'c1') })
  change('PodCreated', pod())
  change('PodScheduled', pod(), { before: pod() })
  change('PodStarted', running, { before: pod() })
  const ending = pod({
    status: containers({ running: {} }, 'c1'),
    metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
  })
  const by = 'system:controller:replicaset-controller'
  change('PodDeletionRequested', ending, { before: running, by })
  assert.deepEqual(lines(), [
    'Normal SuccessfulCreate ReplicaSet/web Created pod: web-1 x1',
    'Normal Scheduled Pod/web-1 Successfully assigned shop/web-1 to node-1 x1',
    'Normal Created Pod/web-1 Created container: app x1',
    'Normal Started Pod/web-1 Started container app x1',
    'Normal SuccessfulDelete ReplicaSet/web Deleted pod: web-1 x1',
    'Normal Killing Pod/web-1 Stopping container app x1',
  ])
})

test('a container whose image was there says so, and one that has ended by then that it was started', () => {
  const { change, lines } = telling()
  const ended = (reason: string) => pod({ status: containers({ terminated: { reason } }, 'c1') })
  change('PodStarted', ended('Completed'), { before: pod(), joined: { imagesFound: ['app'] } })
  change('PodStatusChanged', ended('Completed'), { before: ended('Completed') })
  assert.deepEqual(lines(), [
    'Normal Pulled Pod/web-1 Container image "app:1" already present on machine x1',
    'Normal Created Pod/web-1 Created container: app x1',
    'Normal Started Pod/web-1 Started container app x1',
  ])
})

test('what cannot be placed, pulled or kept running says so, and what repeats is counted', () => {
  const { change, lines } = telling()
  const message = '0/1 nodes are available: 1 Insufficient cpu.'
  const conditions = [{ type: 'PodScheduled', status: 'False', message }]
  for (const seconds of [0, 1]) {
    change('PodSchedulingFailed', pod({ status: { conditions } }), { before: pod(), seconds })
  }
  const waiting = (reason: string, text: string) =>
    pod({ status: containers({ waiting: { reason, message: text } }) })
  change('PodStatusChanged', waiting('ErrImagePull', 'not found'), { before: pod() })
  const failed = waiting('ErrImagePull', 'not found')
  const awaited = waiting('ImagePullBackOff', 'x')
  change('PodStatusChanged', awaited, { before: failed })
  change('PodStatusChanged', failed, { before: awaited })
  change('PodStatusChanged', waiting('CrashLoopBackOff', 'x'), { before: pod() })
  assert.deepEqual(lines(), [
    `Warning FailedScheduling Pod/web-1 ${message} x2`,
    'Normal BackOff Pod/web-1 Back-off pulling image "app:1" x1',
    'Warning Failed Pod/web-1 Error: ImagePullBackOff x1',
    'Warning Failed Pod/web-1 Failed to pull image "app:1": not found x2',
    'Warning Failed Pod/web-1 Error: ErrImagePull x2',
    'Warning BackOff Pod/web-1 Back-off restarting failed container app in pod web-1_shop(p) x1',
  ])
})

test('a pod that a taint drives away says so, and not that its set deleted it', () => {
  const { change, lines } = telling()
  const ending = pod({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })
  const by = 'system:controller:taint-eviction-controller'
  change('PodEvicted', ending, { before: pod(), by })
  assert.deepEqual(lines(), [
    'Normal TaintManagerEviction Pod/web-1 Marking for deletion Pod shop/web-1 x1',
  ])
})

test('a pod that leaves its node for another one says for which', () => {
  const { change, lines } = telling()
  const ending = pod({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })
  const joined = { preemptor: { uid: 'more-important', nodeName: 'node-1' } }
  change('PodPreempted', ending, { before: pod(), by: 'system:kube-scheduler', joined })
  assert.deepEqual(lines(), [
    'Normal Preempted Pod/web-1 Preempted by pod more-important on node node-1 x1',
  ])
})

test('a node tells when it is ready and when not, a CronJob of its Jobs; what has no words tells nothing', () => {
  const { change, lines } = telling()
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', uid: 'n' }, spec: {} }
  change('NodeCreated', node)
  change('NodeBecameReady', node, { before: node })
  change('NodeBecameUnreachable', node, { before: node })
  change('NodeTaintsChanged', node, { before: node })
  const metadata = { namespace: 'shop', ownerReferences: [controlled('CronJob', 'nightly')] }
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { ...metadata, name: 'nightly-1' } }
  change('JobCreated', job)
  change('ThingOfTomorrow', { ...job, kind: 'CronJob' })
  assert.deepEqual(lines(), [
    'Normal RegisteredNode Node/n1 Node n1 event: Registered Node n1 in Controller x1',
    'Normal NodeReady Node/n1 Node n1 status is now: NodeReady x1',
    'Normal NodeNotReady Node/n1 Node n1 status is now: NodeNotReady x1',
    'Normal SuccessfulCreate CronJob/nightly Created job nightly-1 x1',
  ])
})

test('a Job tells when it is suspended, resumed and over, its CronJob too; and which of them that has deleted', () => {
  const { change, lines } = telling()
  const metadata = { namespace: 'shop', ownerReferences: [controlled('CronJob', 'nightly')] }
  const job = (conditions: object[] = [], more = {}): KubernetesObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { ...metadata, name: 'nightly-1', ...more },
    status: { conditions },
  })
  const said = (type: string, status = 'True') => ({ type, status, reason: 'Why', message: 'so' })
  const suspended = job([said('Suspended')])
  const resumed = job([said('Suspended', 'False')])
  const failed = job([said('Suspended', 'False'), said('FailureTarget'), said('Failed')])
  change('JobStatusChanged', suspended, { before: job() })
  change('JobStatusChanged', resumed, { before: suspended })
  change('JobStatusChanged', failed, { before: resumed })
  change('JobStatusChanged', job([said('Complete')]), { before: job() })
  const deletionTimestamp = '2026-01-01T00:00:00Z'
  const by = 'system:controller:cronjob-controller'
  change('JobDeletionRequested', job([], { deletionTimestamp }), { before: job(), by })
  change('JobDeletionRequested', job([], { deletionTimestamp }), { before: job(), by: 'ada' })
  assert.deepEqual(lines(), [
    'Normal Suspended Job/nightly-1 Job suspended x1',
    'Normal Resumed Job/nightly-1 Job resumed x1',
    'Warning Why Job/nightly-1 so x1',
    'Normal SawCompletedJob CronJob/nightly Saw completed job: nightly-1, condition: Failed x1',
    'Normal Completed Job/nightly-1 Job completed x1',
    'Normal SawCompletedJob CronJob/nightly Saw completed job: nightly-1, condition: Complete x1',
    'Normal SuccessfulDelete CronJob/nightly Deleted job nightly-1 x1',
  ])
})

test('a daemon pod that has ended is told of before it is replaced, and a budget without pods says so', () => {
  const { change, lines } = telling()
  const by = 'system:controller:daemonset-controller'
  for (const phase of ['Failed', 'Succeeded']) {
    const ownerReferences = [controlled('DaemonSet', 'log')]
    const before = pod({ metadata: { ownerReferences }, status: { phase } })
    const deletionTimestamp = '2026-01-01T00:00:00Z'
    const ending = { ...before, metadata: { ...before.metadata, deletionTimestamp } }
    change('PodDeletionRequested', ending, { before, by })
  }
  const budget = (status: object): KubernetesObject => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: 'shop', uid: 'b' },
    status,
  })
  const of = (expectedPods: number) => budget({ expectedPods })
  change('PodDisruptionBudgetStatusChanged', of(0), { before: budget({}) })
  change('PodDisruptionBudgetStatusChanged', of(0), { before: of(0) })
  change('PodDisruptionBudgetStatusChanged', of(2), { before: of(0) })
  assert.deepEqual(lines(), [
    'Warning FailedDaemonPod DaemonSet/log Found failed daemon pod shop/web-1 on node node-1, will try to kill it x1',
    'Normal SucceededDaemonPod DaemonSet/log Found succeeded daemon pod shop/web-1 on node node-1, will try to delete it x1',
    'Normal SuccessfulDelete DaemonSet/log Deleted pod: web-1 x2',
    'Normal NoPods PodDisruptionBudget/web No matching pods found x1',
  ])
})

test('a Deployment tells how its sets are scaled', () => {
  const { change, lines } = telling()
  const set = (replicas: number): KubernetesObject => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: 'web-a',
      namespace: 'shop',
      ownerReferences: [controlled('Deployment', 'web')],
    },
    spec: { replicas },
  })
  change('ReplicaSetCreated', set(3))
  change('ReplicaSetScaled', set(1), { before: set(3) })
  change('ReplicaSetStatusChanged', set(1), { before: set(1) })
  assert.deepEqual(lines(), [
    'Normal ScalingReplicaSet Deployment/web Scaled up replica set web-a from 0 to 3 x1',
    'Normal ScalingReplicaSet Deployment/web Scaled down replica set web-a from 3 to 1 x1',
  ])
})

test('what is forgotten is deleted for who watches, by what made it too old', () => {
  const { change, note, told } = telling()
  const heard: string[] = []
  told.subscribe(({ type, stored }) => {
    if ('reason' in stored.object) heard.push(`${type} ${stored.object.reason}`)
  })
  change('PodScheduled', pod(), { before: pod() })
  const involvedObject = { ...{ kind: 'Pod', name: 'other', uid: 'o' }, namespace: 'shop' }
  const about = { involvedObject, type: 'Warning', message: 'x', source: { component: 'kubelet' } }
  const times = { firstTimestamp: '2026-01-01T02:00:00Z', lastTimestamp: '2026-01-01T02:00:00Z' }
  note({ ...about, ...times, reason: 'FailedSync', count: 1 } as unknown as Note, 7_200)
  assert.deepEqual(heard, ['ADDED Scheduled', 'ADDED FailedSync', 'DELETED Scheduled'])
})

test('an Event keeps its name however often it repeats, and lies beside its object', () => {
  const { change, told } = telling()
  const heard: (string | undefined)[] = []
  told.subscribe(({ type, before }) => heard.push(`${type} ${before?.object.metadata.name}`))
  change('PodScheduled', pod(), { before: pod() })
  change('PodScheduled', pod(), { before: pod(), seconds: 60 })
  const [placed] = told.all()
  const name = 'web-1.0000000000000100'
  assert.deepEqual(placed?.object.metadata, {
    ...{ name, namespace: 'shop', uid: '00000000-0000-4000-8000-000000000000' },
    ...{ creationTimestamp: '2026-01-01T00:00:00Z', resourceVersion: '2' },
  })
  assert.equal(placed?.last.correlationId, 'request')
  assert.deepEqual(heard, ['ADDED undefined', `MODIFIED ${name}`])
})

test('an Event about what is in no namespace lies in the default one, and names who reports it', () => {
  const { change, told } = telling()
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', uid: 'n' }, spec: {} }
  change('NodeBecameReady', node, { before: node })
  const [ready] = told.all()
  assert.equal(ready?.object.metadata.namespace, 'default')
  assert.deepEqual(
    [ready?.object.reportingComponent, ready?.object.reportingInstance],
    ['kubelet', 'n1'],
  )
})

const noted = (message: string, seconds: number, uid = 'p'): Note => {
  const time = new Date(began + seconds * 1000).toISOString()
  return {
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'web-1', namespace: 'shop', uid },
    ...{ type: 'Warning', reason: 'Unhealthy', message, source: { component: 'kubelet' } },
    ...{ count: 2, firstTimestamp: time, lastTimestamp: time },
  }
}

test('notes are told among them, and everything for an hour, fifty of one object at most', () => {
  const { note, lines } = telling()
  for (let n = 0; n < 60; n++) note(noted(`failed ${n}`, n), n)
  assert.equal(lines().length, 50)
  assert.match(lines()[0] ?? '', /failed 10 x2/)
  note(noted('later', 4_000), 4_000)
  assert.deepEqual(lines(), ['Warning Unhealthy Pod/web-1 later x2'])
  note(noted('an hour later', 7_600), 7_600)
  assert.deepEqual(lines(), ['Warning Unhealthy Pod/web-1 an hour later x2'])
})

test('of one object that is forgotten first which did not occur for longest', () => {
  const { note, lines } = telling()
  for (let n = 0; n < 50; n++) note(noted(`failed ${n}`, n), n)
  note(noted('failed 0', 50), 50)
  note(noted('failed 50', 51), 51)
  assert.deepEqual(
    lines().filter((line) => /failed [01] /.test(line)),
    ['Warning Unhealthy Pod/web-1 failed 0 x2'],
  )
})

test('of all objects together ten thousand are kept', () => {
  const { note, lines } = telling()
  for (let n = 0; n < 10_000; n++) note(noted(`failed ${n}`, 0, `p${n}`))
  assert.equal(lines().length, 10_000)
  note(noted('one more', 0, 'more'))
  assert.equal(lines().length, 10_000)
  assert.match(lines()[0] ?? '', /failed 1 /)
})

test('that an autoscaler scaled is told with its reason, whatever else its status says is not', () => {
  const { change, told } = telling()
  const autoscaler = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'default', uid: 'hpa' },
  }
  const reason = 'cpu resource utilization (percentage of request) above target'
  const scaling = { from: 1, to: 4, reason, metrics: [] }
  const type = 'HorizontalPodAutoscalerStatusChanged'
  change('HorizontalPodAutoscalerCreated', autoscaler)
  change(type, autoscaler, { before: autoscaler })
  change(type, autoscaler, { before: autoscaler, joined: { scaling } })
  const all = Array.from(told.all(), ({ object }) => object)
  assert.deepEqual(
    all.map((event) => [event.reason, event.message]),
    [['SuccessfulRescale', `New size: 4; reason: ${reason}`]],
  )
})
