import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod, ReplicaSet } from '@reckon/kubernetes'
import { controllerReferenceTo } from '../ownership/controller-reference.ts'
import { UsedSlots } from '../ownership/used-slots.ts'
import { deletionOrder } from './deletion-order.ts'
import { plan } from './plan.ts'

const nowMs = Date.UTC(2026, 0, 1)

const set = (replicas: number, spec: object = {}): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web-abc', namespace: 'default', uid: 's', generation: 2 },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web', tier: 'front' } },
      spec: { containers: [{ name: 'app', image: 'app' }] },
    },
    ...spec,
  },
})

type PodOptions = {
  labels?: Record<string, string>
  owner?: string | undefined
  phase?: string
  ready?: string
  node?: string
  deleting?: boolean
  cost?: string
  created?: string
  restarts?: number
}

const pod = (name: string, options: PodOptions = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    uid: name,
    labels: options.labels ?? { app: 'web' },
    creationTimestamp: options.created ?? '2025-12-31T00:00:00Z',
    ...(options.cost && {
      annotations: { 'controller.kubernetes.io/pod-deletion-cost': options.cost },
    }),
    ...(options.deleting && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    ...('owner' in options && options.owner === undefined
      ? {}
      : { ownerReferences: [{ ...controllerReferenceTo(set(0)), uid: options.owner ?? 's' }] }),
  },
  spec: { containers: [], ...(options.node && { nodeName: options.node }) },
  status: {
    phase: options.phase ?? 'Running',
    conditions: options.ready
      ? [{ type: 'Ready', status: 'True', lastTransitionTime: options.ready }]
      : [],
    ...(options.restarts && {
      containerStatuses: [
        { name: 'c', image: '', imageID: '', ready: true, restartCount: options.restarts },
      ],
    }),
  },
})

const context = { nowMs, freeSlots: () => new UsedSlots(7).free(), isTaken: () => false }
const created = (of: ReplicaSet, pods: Pod[], given = {}) =>
  plan(of, pods, { ...context, ...given }).steps.flatMap((step) =>
    step.type === 'CreatePod' ? [step.pod.metadata.name] : [],
  )
const typesOf = (of: ReplicaSet, pods: Pod[]) =>
  plan(of, pods, context).steps.map((step) =>
    'pod' in step
      ? `${step.type} ${step.pod.metadata.name}`
      : 'object' in step
        ? `${step.type} ${step.object.metadata.name}`
        : step.type,
  )

test('names follow from the uid and the slot: twice the same, never twice the same slot', () => {
  const names = created(set(3), [])
  assert.equal(new Set(names).size, 3)
  assert.deepEqual(created(set(3), []), names)
  assert.equal(created(set(1), [], { freeSlots: () => new UsedSlots(8).free() })[0], names[1])
  for (const name of names) assert.match(name, /^web-abc-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
})

test("a name that somebody else's pod bears is passed over", () => {
  const [first] = created(set(1), [])
  const [other] = created(set(1), [], { isTaken: (name: string) => name === first })
  assert.ok(other && other !== first)
})

test('pods bear the labels of the template and their owner', () => {
  const [step] = plan(set(1), [], context).steps
  assert.ok(step?.type === 'CreatePod')
  assert.deepEqual(step.pod.metadata.labels, { app: 'web', tier: 'front' })
  assert.deepEqual(step.pod.metadata.ownerReferences, [controllerReferenceTo(set(1))])
})

test('pods that ended or are going do not count', () => {
  const pods = [pod('a'), pod('b', { phase: 'Failed' }), pod('c', { deleting: true })]
  assert.equal(created(set(2), pods).length, 1)
})

test('orphans that match are adopted, pods that match no longer are released, before anything else', () => {
  const pods = [
    pod('orphan', { owner: undefined }),
    pod('stray', { labels: { app: 'other' } }),
    pod('foreign', { owner: 'x' }),
  ]
  assert.deepEqual(typesOf(set(5), pods), ['Adopt orphan', 'Release stray'])
})

test('too many: those that do the least go first', () => {
  const ready = '2025-12-31T00:00:00Z'
  const pods = [
    pod('old', { node: 'a', ready }),
    pod('young', { node: 'b', ready, created: '2025-12-31T12:00:00Z' }),
    pod('restarting', { node: 'c', ready, restarts: 3 }),
    pod('newly-ready', { node: 'd', ready: '2025-12-31T23:00:00Z' }),
    pod('doubled', { node: 'a', ready }),
    pod('cheap', { node: 'e', ready, cost: '-5' }),
    pod('unready', { node: 'f' }),
    pod('pending', { node: 'g', phase: 'Pending' }),
    pod('unbound', { phase: 'Pending' }),
  ]
  assert.deepEqual(
    deletionOrder(pods).map(({ metadata }) => metadata.name),
    [
      'unbound',
      'pending',
      'unready',
      'cheap',
      'doubled',
      'old',
      'newly-ready',
      'restarting',
      'young',
    ],
  )
  const steps = plan(set(7), pods, context).steps.filter(({ type }) => type === 'DeletePod')
  assert.equal(steps.length, 2)
})

test('a pod is available once it has been ready long enough; then the set is looked at again', () => {
  const pods = [
    pod('a', { ready: '2025-12-31T23:59:00Z' }),
    pod('b', { ready: '2025-12-31T23:59:55Z' }),
    pod('c'),
  ]
  const { steps, againAtMs } = plan(set(3, { minReadySeconds: 10 }), pods, context)
  assert.equal(againAtMs, nowMs + 5000)
  assert.deepEqual(steps, [
    {
      type: 'SetStatus',
      status: { replicas: 3, readyReplicas: 2, availableReplicas: 1, observedGeneration: 2 },
    },
  ])
})

test('a set whose status says what is so has nothing to do', () => {
  const status = { replicas: 1, observedGeneration: 2 }
  assert.deepEqual(plan({ ...set(1), status }, [pod('a')], context).steps, [])
})

test('a terminating set makes no pods', () => {
  const going = set(3)
  going.metadata.deletionTimestamp = '2026-01-01T00:00:00Z'
  assert.deepEqual(typesOf(going, []), ['SetStatus'])
})
