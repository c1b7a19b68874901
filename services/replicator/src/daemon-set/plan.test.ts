import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ControllerRevision, DaemonSet, Node, Pod } from '@reckon/kubernetes'
import { controllerReferenceTo } from '../ownership/controller-reference.ts'
import type { PodPlan } from '../ownership/pod-plan.ts'
import { targetNodeOf } from '../ownership/target-node.ts'
import { UsedSlots } from '../ownership/used-slots.ts'
import { nodeOf } from './daemon-pods.ts'
import { plan } from './plan.ts'

const nowMs = Date.UTC(2026, 0, 1)

const set = (rollingUpdate: object = {}, image = 'log:1', template: object = {}): DaemonSet => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'log', namespace: 'default', uid: 'd', generation: 1 },
  spec: {
    selector: { matchLabels: { app: 'log' } },
    updateStrategy: {
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 1, maxSurge: 0, ...rollingUpdate },
    },
    template: {
      metadata: { labels: { app: 'log' } },
      spec: { containers: [{ name: 'c', image }], ...template },
    },
  },
})

const node = (name: string, spec: object = {}, labels: Record<string, string> = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  spec,
})
const threeNodes = ['a', 'b', 'c'].map((name) => node(name))

type Given = { revisions?: ControllerRevision[]; nodes?: Node[] }
const planned = (of: DaemonSet, pods: readonly Pod[], given: Given = {}): PodPlan =>
  plan(of, pods, {
    nowMs,
    revisions: () => given.revisions ?? both,
    nodes: () => given.nodes ?? threeNodes,
    freeSlots: () => new UsedSlots(pods.length).free(),
    isTaken: () => false,
  })
const revisionFor = (of: DaemonSet, revisions: ControllerRevision[]): ControllerRevision => {
  const [step] = planned(of, [], { revisions }).steps
  assert.ok(step?.type === 'CreateRevision')
  return step.revision
}
const first = revisionFor(set(), [])
const second = revisionFor(set({}, 'log:2'), [first])
const both: ControllerRevision[] = [first, second]
const updating = (rollingUpdate: object = {}) => set(rollingUpdate, 'log:2')

type Options = { isNew?: boolean; ready?: boolean; phase?: string; deleting?: boolean }
const pod = (on: string, options: Options = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `log-${on}${options.isNew ? '-new' : ''}`,
    namespace: 'default',
    labels: {
      app: 'log',
      'controller-revision-hash':
        (options.isNew ? second : first).metadata.labels?.['controller-revision-hash'] ?? '',
    },
    ownerReferences: [controllerReferenceTo(set())],
    ...(options.deleting && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
  },
  spec: { containers: [], nodeName: on },
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
const ready = { isNew: true }
const coming = { isNew: true, ready: false }

/** `+a` where a pod is made for node a, `-log-a` where pod log-a goes. */
const changes = (of: DaemonSet, pods: readonly Pod[], given: Given = {}) =>
  planned(of, pods, given).steps.flatMap((step) => {
    if (step.type === 'CreatePod') return `+${nodeOf(step.pod)}`
    return step.type === 'DeletePod' ? `-${step.pod.metadata.name}` : []
  })
const only = { revisions: [first] }

test('every node that suits has one pod, which the scheduler can bind nowhere else', () => {
  const made = planned(set(), [pod('b')], only).steps.flatMap((step) =>
    step.type === 'CreatePod' ? [step.pod] : [],
  )
  assert.deepEqual(made.map(targetNodeOf), ['a', 'c'])
  assert.equal(new Set(made.map(({ metadata }) => metadata.name)).size, 2)
  const keys = made[0]?.spec.tolerations?.map(({ key, effect }) => `${key}:${effect}`)
  assert.ok(keys?.includes('node.kubernetes.io/unschedulable:NoSchedule'))
  assert.ok(keys?.includes('node.kubernetes.io/unreachable:NoExecute'))
})

test('selectors, affinity and taints say which nodes suit', () => {
  const nodes = [
    node('a', {}, { disk: 'ssd' }),
    node('b', { taints: [{ key: 'gpu', effect: 'NoSchedule' }] }, { disk: 'ssd' }),
    node('c'),
    node(
      'd',
      { taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] },
      { disk: 'ssd' },
    ),
  ]
  const picky = set({}, 'log:1', { nodeSelector: { disk: 'ssd' } })
  picky.spec.updateStrategy = { type: 'OnDelete' }
  const revisions = [revisionFor(picky, [])]
  assert.deepEqual(changes(picky, [], { nodes, revisions }), ['+a', '+d'])
  // Where it is it stays, though it would not come there; where it is not wanted, or driven away, it goes.
  assert.deepEqual(changes(picky, [pod('a'), pod('b'), pod('c'), pod('d')], { nodes, revisions }), [
    '-log-c',
  ])
})

test('a pod that is on its way out is waited for; one that failed rests before it is replaced', () => {
  const pods = [pod('a', { deleting: true }), pod('b'), pod('c', { phase: 'Failed' })]
  assert.deepEqual(changes(set(), pods, only), ['-log-c'])
  const failedNow = pod('c', { phase: 'Failed' })
  const at = '2026-01-01T00:00:00Z'
  failedNow.status = {
    phase: 'Failed',
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: at }],
  }
  const resting = planned(set(), [pod('a'), pod('b'), failedNow], only)
  assert.equal(resting.againAtMs, nowMs + 10_000)
})

test('a node that has two pods keeps the older one', () => {
  const twice = { ...pod('a'), metadata: { ...pod('a').metadata, name: 'log-a-2' } }
  assert.deepEqual(changes(set(), [pod('a'), twice, pod('b'), pod('c')], only), ['-log-a-2'])
})

test('an update replaces as many pods as may be missing, and what is not up anyway', () => {
  assert.deepEqual(changes(updating(), [pod('a'), pod('b'), pod('c')]), ['-log-a'])
  assert.deepEqual(changes(updating(), [pod('a', coming), pod('b'), pod('c')]), [])
  assert.deepEqual(changes(updating(), [pod('a', ready), pod('b'), pod('c')]), ['-log-b'])
  assert.deepEqual(changes(updating(), [pod('a'), pod('b', { ready: false }), pod('c')]), [
    '-log-b',
  ])
  assert.deepEqual(changes(updating({ maxUnavailable: '50%' }), [pod('a'), pod('b'), pod('c')]), [
    '-log-a',
    '-log-b',
  ])
})

test('with a surge the new pod comes first, and the old one goes once it is available', () => {
  const surge = updating({ maxUnavailable: 0, maxSurge: 1 })
  assert.deepEqual(changes(surge, [pod('a'), pod('b'), pod('c')]), ['+a'])
  assert.deepEqual(changes(surge, [pod('a'), pod('a', coming), pod('b'), pod('c')]), [])
  assert.deepEqual(changes(surge, [pod('a'), pod('a', ready), pod('b'), pod('c')]), [
    '+b',
    '-log-a',
  ])
})

test('OnDelete waits until somebody deletes a pod', () => {
  const onDelete = updating()
  onDelete.spec.updateStrategy = { type: 'OnDelete' }
  assert.deepEqual(changes(onDelete, [pod('a'), pod('b'), pod('c')]), [])
  assert.deepEqual(changes(onDelete, [pod('a'), pod('b')]), ['+c'])
})

test('the status counts nodes', () => {
  const pods = [pod('a', ready), pod('b'), pod('x')]
  const [status] = planned(updating(), pods, {
    nodes: [...threeNodes, node('x', { taints: [{ key: 'k', effect: 'NoSchedule' }] })],
  }).steps.flatMap((step) => (step.type === 'SetStatus' ? step.status : []))
  assert.deepEqual(status, {
    currentNumberScheduled: 2,
    numberMisscheduled: 1,
    desiredNumberScheduled: 3,
    numberReady: 2,
    observedGeneration: 1,
    updatedNumberScheduled: 1,
    numberAvailable: 2,
    numberUnavailable: 1,
  })
})

test('a pod counts as available once it was ready for minReadySeconds', () => {
  const slow = updating()
  slow.spec.minReadySeconds = 365 * 24 * 3600 + 1
  // None is up as long as that, so none of the old ones is missed.
  assert.deepEqual(changes(slow, [pod('a', ready), pod('b'), pod('c')]), ['-log-b', '-log-c'])
  slow.spec.minReadySeconds = 60
  assert.deepEqual(changes(slow, [pod('a', ready), pod('b'), pod('c')]), ['-log-b'])
})

test('revisions that no pod has go, but for as many as revisionHistoryLimit says', () => {
  const forgotten = (revisionHistoryLimit: number) => {
    const of = { ...updating(), spec: { ...updating().spec, revisionHistoryLimit } }
    const pods = ['a', 'b', 'c'].map((name) => pod(name, ready))
    return planned(of, pods).steps.flatMap((step) =>
      step.type === 'DeleteRevision' ? step.revision.metadata.name : [],
    )
  }
  assert.deepEqual(forgotten(1), [])
  assert.deepEqual(forgotten(0), [first.metadata.name])
})
