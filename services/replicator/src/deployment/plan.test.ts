import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Deployment, ReplicaSet } from '@reckon/kubernetes'
import {
  desiredAnnotation,
  historyAnnotation,
  maxAnnotation,
  revisionAnnotation,
} from './annotations.ts'
import { plan, type Step } from './plan.ts'

const nowMs = Date.UTC(2026, 0, 1)
const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'app', image }] },
})

const deployment = (spec: object = {}, status: object = {}): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default', uid: 'd', generation: 1 },
  spec: {
    replicas: 10,
    selector: { matchLabels: { app: 'web' } },
    template: template('app:2'),
    progressDeadlineSeconds: 600,
    ...spec,
  },
  status,
})

type SetOptions = { size: number; available?: number; desired?: number; revision?: number | bigint }

const set = (image: string, options: SetOptions): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: `web-${image}`,
    namespace: 'default',
    uid: image,
    creationTimestamp: `2026-01-01T00:00:0${image.at(-1)}Z`,
    annotations: {
      [desiredAnnotation]: String(options.desired ?? 10),
      [maxAnnotation]: '13',
      [revisionAnnotation]: String(options.revision ?? Number(image.at(-1))),
    },
  },
  spec: { replicas: options.size, selector: {}, template: template(image) },
  status: {
    replicas: options.size,
    readyReplicas: options.available ?? options.size,
    availableReplicas: options.available ?? options.size,
  },
})

const free = { nowMs, isTaken: () => false, oldPodsRunning: 0 }
const planned = (of: Deployment, sets: ReplicaSet[], context: Partial<typeof free> = {}) =>
  plan(of, sets, { ...free, ...context }).steps
const sizesIn = (steps: readonly Step[]) =>
  Object.fromEntries(
    steps.flatMap((step) =>
      step.type === 'UpdateReplicaSet' &&
      step.wanted.spec.replicas !== step.replicaSet.spec.replicas
        ? [[step.replicaSet.metadata.uid, step.wanted.spec.replicas]]
        : [],
    ),
  )
const progressIn = (steps: readonly Step[]) =>
  steps
    .flatMap((step) => (step.type === 'SetStatus' ? (step.status.conditions ?? []) : []))
    .find(({ type }) => type === 'Progressing')

test('without a ReplicaSet of its template it makes one of full size, as revision 1', () => {
  const steps = planned(deployment(), [])
  const [create] = steps
  assert.ok(create?.type === 'CreateReplicaSet')
  assert.equal(create.replicaSet.spec.replicas, 10)
  assert.equal(create.replicaSet.metadata.annotations?.[revisionAnnotation], '1')
  const hash = create.replicaSet.metadata.labels?.['pod-template-hash']
  assert.equal(create.replicaSet.metadata.name, `web-${hash}`)
  assert.equal(create.replicaSet.spec.selector.matchLabels?.['pod-template-hash'], hash)
  assert.equal(progressIn(steps)?.reason, 'NewReplicaSetCreated')
})

test('a name that is taken by a stranger is counted as a collision', () => {
  const [step] = planned(deployment(), [], { isTaken: () => true })
  assert.ok(step?.type === 'SetStatus' && step.status.collisionCount === 1)
})

test('a new template begins with as many pods as the surge allows', () => {
  const [create] = planned(deployment(), [set('app:1', { size: 10 })])
  assert.ok(create?.type === 'CreateReplicaSet')
  assert.equal(create.replicaSet.spec.replicas, 3)
  assert.equal(create.replicaSet.metadata.annotations?.[revisionAnnotation], '2')
})

test('old pods go as far as availability allows: those first that are not available', () => {
  const sets = [set('app:1', { size: 10, available: 9 }), set('app:2', { size: 3, available: 0 })]
  assert.deepEqual(sizesIn(planned(deployment(), sets)), { 'app:1': 8 })
  const later = [set('app:1', { size: 8 }), set('app:2', { size: 5, available: 2 })]
  assert.deepEqual(sizesIn(planned(deployment(), later)), { 'app:1': 6 })
})

test('what a set is about to lose is not counted on, though its status is from before', () => {
  const old = set('app:1', { size: 6, available: 9 })
  const sets = [old, set('app:2', { size: 7, available: 4 })]
  assert.deepEqual(sizesIn(planned(deployment(), sets)), { 'app:1': 4 })
})

test('a finished rollout stays as it is and says so', () => {
  const status = {
    observedGeneration: 1,
    replicas: 10,
    updatedReplicas: 10,
    readyReplicas: 10,
    availableReplicas: 10,
  }
  const sets = [set('app:1', { size: 0 }), set('app:2', { size: 10 })]
  const steps = planned(deployment({}, status), sets)
  assert.deepEqual(sizesIn(steps), {})
  assert.equal(progressIn(steps)?.reason, 'NewReplicaSetAvailable')
  const settled = steps.find((step) => step.type === 'SetStatus')
  assert.ok(settled?.type === 'SetStatus')
  const of = deployment({}, settled.status)
  const marked = { ...of, metadata: { ...of.metadata, annotations: { [revisionAnnotation]: '2' } } }
  assert.deepEqual(planned(marked, sets), [])
})

test('scaling in the midst of an update keeps the proportion', () => {
  const sets = [set('app:1', { size: 8 }), set('app:2', { size: 5 })]
  const rollingUpdate = { maxSurge: 3, maxUnavailable: 2 }
  const of = deployment({ replicas: 20, strategy: { type: 'RollingUpdate', rollingUpdate } })
  const sizes = sizesIn(planned(of, sets))
  assert.deepEqual(sizes, { 'app:1': 14, 'app:2': 9 })
})

test('scaling the only active ReplicaSet is at once', () => {
  const steps = planned(deployment({ replicas: 2 }), [set('app:2', { size: 10 })])
  assert.deepEqual(sizesIn(steps), { 'app:2': 2 })
})

test('a paused Deployment scales, but rolls nothing out', () => {
  const sets = [set('app:1', { size: 10 })]
  assert.deepEqual(
    planned(deployment({ paused: true }), sets).map(({ type }) => type),
    ['SetStatus'],
  )
  assert.deepEqual(sizesIn(planned(deployment({ paused: true, replicas: 4 }), sets)), {
    'app:1': 4,
  })
})

test('a paused Deployment settles', () => {
  const sets = [set('app:1', { size: 10 })]
  const [first] = planned(deployment({ paused: true }), sets)
  assert.ok(first?.type === 'SetStatus')
  assert.equal(progressIn([first])?.status, 'Unknown')
  const later = { nowMs: nowMs + 5000 }
  assert.deepEqual(planned(deployment({ paused: true }, first.status), sets, later), [])
})

test('a rollout that was finished can be paused; one that timed out says that still', () => {
  const sets = [set('app:2', { size: 10 })]
  const pausedAfter = (reason: string, status: string) => {
    const conditions = [{ type: 'Progressing', status, reason }]
    return progressIn(planned(deployment({ paused: true }, { conditions }), sets))?.reason
  }
  assert.equal(pausedAfter('NewReplicaSetAvailable', 'True'), 'DeploymentPaused')
  assert.equal(pausedAfter('ProgressDeadlineExceeded', 'False'), 'ProgressDeadlineExceeded')
})

test('Recreate removes all that is old, waits for it to go, and only then makes the new', () => {
  const strategy = { type: 'Recreate' }
  const old = set('app:1', { size: 10 })
  assert.deepEqual(sizesIn(planned(deployment({ strategy }), [old])), { 'app:1': 0 })
  const emptied = [set('app:1', { size: 0 })]
  const waiting = planned(deployment({ strategy }), emptied, { oldPodsRunning: 2 })
  assert.ok(waiting.every(({ type }) => type === 'SetStatus'))
  const [create] = planned(deployment({ strategy }), emptied)
  assert.ok(create?.type === 'CreateReplicaSet' && create.replicaSet.spec.replicas === 10)
})

test('a rollout that takes too long says so after its deadline', () => {
  const sets = [set('app:1', { size: 8 }), set('app:2', { size: 5, available: 0 })]
  const first = planned(deployment(), sets).find((step) => step.type === 'SetStatus')
  assert.ok(first?.type === 'SetStatus')
  const of = deployment({}, first.status)
  const { againAtMs = 0 } = plan(of, sets, free)
  assert.ok(againAtMs > nowMs + 600_000)
  assert.equal(progressIn(planned(of, sets, { nowMs: againAtMs - 1000 })), undefined)
  const late = progressIn(planned(of, sets, { nowMs: againAtMs }))
  assert.deepEqual([late?.status, late?.reason], ['False', 'ProgressDeadlineExceeded'])
})

test('of the old ReplicaSets only as many are kept as the limit says', () => {
  const sets = [1, 2, 3].map((n) => set(`app:${n}`, { size: 0 }))
  const of = deployment({ template: template('app:4'), revisionHistoryLimit: 1 })
  const steps = planned(of, [...sets, set('app:4', { size: 10 })])
  const deleted = steps.flatMap((step) =>
    step.type === 'DeleteReplicaSet' ? [step.replicaSet.metadata.uid] : [],
  )
  assert.deepEqual(deleted, ['app:1', 'app:2'])
})

test('a template that came back is the newest revision again', () => {
  const sets = [set('app:2', { size: 0, revision: 1 }), set('app:3', { size: 10, revision: 2 })]
  const steps = planned(deployment(), sets)
  assert.ok(steps.some((step) => step.type === 'SetRevision' && step.revision === 3n))
  assert.deepEqual(sizesIn(steps), { 'app:2': 3 })
})

test('what a ReplicaSet was before is kept in its history, and revisions are exact however high', () => {
  const high = 2n ** 53n
  const sets = [
    set('app:2', { size: 0, revision: high }),
    set('app:3', { size: 10, revision: high + 1n }),
  ]
  const steps = planned(deployment({ template: template('app:2') }), sets)
  const [update] = steps
  assert.ok(update?.type === 'UpdateReplicaSet')
  const { annotations } = update.wanted.metadata
  assert.equal(annotations?.[revisionAnnotation], `${high + 2n}`)
  assert.equal(annotations?.[historyAnnotation], `${high}`)
})
