import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ControllerRevision, Pod, StatefulSet } from '@reckon/kubernetes'
import { controllerReferenceTo } from '../ownership/controller-reference.ts'
import type { PodStep } from '../ownership/pod-plan.ts'
import { plan } from './plan.ts'

const nowMs = Date.UTC(2026, 0, 1)

const set = (spec: object = {}, image = 'app:1', status?: object): StatefulSet => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'default', uid: 's', generation: 1 },
  spec: {
    replicas: 3,
    serviceName: 'db',
    selector: { matchLabels: { app: 'db' } },
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    template: {
      metadata: { labels: { app: 'db' } },
      spec: { containers: [{ name: 'app', image }] },
    },
    ...spec,
  },
  ...(status && { status: status as never }),
})

/** The revision that the set itself asks for. */
function revisionFor(of: StatefulSet, earlier: readonly ControllerRevision[] = []) {
  const [step] = plan(of, [], { nowMs, revisions: () => earlier }).steps
  assert.ok(step?.type === 'CreateRevision')
  return step.revision
}

const first = revisionFor(set())
const second = revisionFor(set({}, 'app:2'), [first])
const [current, updated] = [first.metadata.name, second.metadata.name]
const updating = (spec: object = {}) => set(spec, 'app:2', { currentRevision: current })
const both = [first, second]

type Options = { revision?: string; ready?: boolean; phase?: string; deleting?: boolean }
const pod = (ordinal: number, options: Options = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `db-${ordinal}`,
    namespace: 'default',
    uid: `p${ordinal}`,
    labels: { app: 'db', 'controller-revision-hash': options.revision ?? current },
    ownerReferences: [controllerReferenceTo(set())],
    ...(options.deleting && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
  },
  spec: { containers: [] },
  status: {
    phase: options.phase ?? 'Running',
    conditions: [
      {
        type: 'Ready',
        status: options.ready === false ? 'False' : 'True',
        lastTransitionTime: '2025-01-01T00:00:00Z',
      },
    ],
  },
})

const textOf = (step: PodStep): string[] => {
  if (step.type === 'SetStatus') return []
  return [`${step.type} ${'pod' in step ? step.pod.metadata.name : ''}`.trim()]
}
const steps = (of: StatefulSet, pods: readonly Pod[], revisions = [first]) =>
  plan(of, pods, { nowMs, revisions: () => revisions }).steps.flatMap(textOf)
const madeRevisions = (of: StatefulSet, pods: readonly Pod[]) =>
  plan(of, pods, { nowMs, revisions: () => both }).steps.flatMap((step) =>
    step.type === 'CreatePod' ? [step.pod.metadata.labels?.['controller-revision-hash']] : [],
  )

test('pods come one after the other, each when those before it are ready', () => {
  assert.deepEqual(steps(set(), []), ['CreatePod db-0'])
  assert.deepEqual(steps(set(), [pod(0, { ready: false })]), [])
  assert.deepEqual(steps(set(), [pod(0)]), ['CreatePod db-1'])
  assert.deepEqual(steps(set(), [pod(0), pod(1), pod(2)]), [])
  assert.deepEqual(steps(set({ minReadySeconds: 60 }), [pod(0)]), ['CreatePod db-1'])
})

test('in parallel they come all at once', () => {
  const parallel = set({ podManagementPolicy: 'Parallel' })
  assert.deepEqual(steps(parallel, [pod(1, { ready: false })]), [
    'CreatePod db-0',
    'CreatePod db-2',
  ])
})

test('a pod knows its name and the Service under which others find it', () => {
  const [step] = plan(set(), [], { nowMs, revisions: () => [first] }).steps
  assert.ok(step?.type === 'CreatePod')
  const { metadata, spec } = step.pod
  assert.equal(metadata.labels?.['statefulset.kubernetes.io/pod-name'], 'db-0')
  assert.equal(metadata.labels?.['apps.kubernetes.io/pod-index'], '0')
  assert.deepEqual([spec.hostname, spec.subdomain], ['db-0', 'db'])
})

test('the name of a pod that is on its way out is not free yet, nor that of one that has ended', () => {
  assert.deepEqual(steps(set(), [pod(0), pod(1, { deleting: true }), pod(2)]), [])
  assert.deepEqual(steps(set(), [pod(0), pod(1, { phase: 'Failed' }), pod(2)]), ['DeletePod db-1'])
})

test('too many: the highest goes first, and the next when that one has gone', () => {
  const pods = [pod(0), pod(1), pod(2)]
  assert.deepEqual(steps(set({ replicas: 1 }), pods), ['DeletePod db-2'])
  assert.deepEqual(steps(set({ replicas: 1 }), [pod(0), pod(1), pod(2, { deleting: true })]), [])
  const parallel = set({ replicas: 1, podManagementPolicy: 'Parallel' })
  assert.deepEqual(steps(parallel, pods), ['DeletePod db-2', 'DeletePod db-1'])
})

test('ordinals may begin elsewhere', () => {
  const from5 = set({ replicas: 2, ordinals: { start: 5 } })
  assert.deepEqual(steps(from5, []), ['CreatePod db-5'])
  assert.deepEqual(steps(from5, [pod(5), pod(6), pod(0)]), ['DeletePod db-0'])
})

test('an update goes from the highest ordinal down, one pod at a time', () => {
  assert.deepEqual(steps(updating(), [pod(0), pod(1), pod(2)]), ['CreateRevision'])
  assert.deepEqual(steps(updating(), [pod(0), pod(1), pod(2)], both), ['DeletePod db-2'])
  const inParallel = updating({ podManagementPolicy: 'Parallel' })
  const comingUp = [pod(0), pod(1), pod(2, { revision: updated, ready: false })]
  assert.deepEqual(steps(inParallel, comingUp, both), [])
  const isUp = [pod(0), pod(1), pod(2, { revision: updated })]
  assert.deepEqual(steps(updating(), isUp, both), ['DeletePod db-1'])
})

test('an update in parallel mends a low pod that is down by the old template, though no other may go', () => {
  const parallel = updating({ podManagementPolicy: 'Parallel' })
  const broken = [pod(0, { ready: false }), pod(1), pod(2)]
  assert.deepEqual(steps(parallel, broken, both), ['DeletePod db-0'])
})

test('an update in parallel goes as far as maxUnavailable lets it, and past what is down anyway', () => {
  const rollingUpdate = { partition: 0, maxUnavailable: 2 }
  const parallel = updating({
    podManagementPolicy: 'Parallel',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate },
  })
  const all = [pod(0), pod(1), pod(2)]
  assert.deepEqual(steps(parallel, all, both), ['DeletePod db-2', 'DeletePod db-1'])
  const broken = [pod(0), pod(1, { ready: false }), pod(2, { ready: false })]
  assert.deepEqual(steps(parallel, broken, both), ['DeletePod db-2', 'DeletePod db-1'])
})

test('below the partition everything stays what it was, new pods too', () => {
  const rollingUpdate = { partition: 2 }
  const parted = updating({ updateStrategy: { type: 'RollingUpdate', rollingUpdate } })
  assert.deepEqual(steps(parted, [pod(0), pod(1), pod(2)], both), ['DeletePod db-2'])
  assert.deepEqual(madeRevisions(parted, [pod(0)]), [current])
  assert.deepEqual(madeRevisions(parted, [pod(0), pod(1)]), [updated])
})

test('OnDelete waits until somebody deletes a pod', () => {
  const onDelete = updating({ updateStrategy: { type: 'OnDelete' } })
  assert.deepEqual(steps(onDelete, [pod(0), pod(1), pod(2)], both), [])
  assert.deepEqual(madeRevisions(onDelete, [pod(0), pod(2)]), [updated])
})

test('a template that came back is the newest revision again', () => {
  const [step] = plan(set(), [], { nowMs, revisions: () => both }).steps
  assert.ok(step?.type === 'NumberRevision')
  assert.deepEqual([step.revision.metadata.name, step.number], [current, 3])
})

test('a hash that another template has is counted as a collision', () => {
  const other = { ...second, metadata: { ...second.metadata, name: current } }
  const [step] = plan(set(), [], { nowMs, revisions: () => [other] }).steps
  assert.ok(step?.type === 'SetStatus')
  assert.deepEqual(step.status, { collisionCount: 1 })
})

test('the update is over when every pod is ready and of the new revision', () => {
  const status = (pods: readonly Pod[]) =>
    plan(updating(), pods, { nowMs, revisions: () => both }).steps.flatMap((step) =>
      step.type === 'SetStatus' ? step.status : [],
    )[0]
  const half = { replicas: 3, readyReplicas: 3, availableReplicas: 3, observedGeneration: 1 }
  const names = { updateRevision: updated, collisionCount: 0 }
  assert.deepEqual(status([pod(0), pod(1), pod(2, { revision: updated })]), {
    ...half,
    ...names,
    currentRevision: current,
    currentReplicas: 2,
    updatedReplicas: 1,
  })
  assert.deepEqual(status([0, 1, 2].map((ordinal) => pod(ordinal, { revision: updated }))), {
    ...half,
    ...names,
    currentRevision: updated,
    currentReplicas: 3,
    updatedReplicas: 3,
  })
})

test('revisions beyond the limit go, the oldest first, but none that is in use', () => {
  const old = [1, 2, 3].map((number) => ({
    ...first,
    metadata: { ...first.metadata, name: `db-old-${number}` },
    data: {},
    revision: number,
  }))
  const newest = { ...first, revision: 9 }
  const limited = set({ revisionHistoryLimit: 1 })
  const pods = [pod(0), pod(1, { revision: 'db-old-1' }), pod(2)]
  const gone = plan(limited, pods, { nowMs, revisions: () => [...old, newest] }).steps.flatMap(
    (step) => (step.type === 'DeleteRevision' ? [step.revision.metadata.name] : []),
  )
  assert.deepEqual(gone, ['db-old-2'])
})
