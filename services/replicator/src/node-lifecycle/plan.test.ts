import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node, NodeCondition, Pod, Taint } from '@reckon/kubernetes'
import { plan } from './plan.ts'
import { unreachableStatus, unreadyStatus } from './unreachable.ts'

const now = '2026-01-01T00:01:00Z'
const before = '2026-01-01T00:00:00Z'

const condition = (type: string, status: string): NodeCondition => ({
  type,
  status,
  reason: 'Told',
  lastHeartbeatTime: before,
  lastTransitionTime: before,
})
const node = (conditions: Record<string, string>, spec: Node['spec'] = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a', uid: 'a' },
  spec,
  status: {
    conditions: Object.entries(conditions).map(([type, status]) => condition(type, status)),
  },
})
const pod = (ready: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: ready, namespace: 'shop' },
  spec: { containers: [] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] },
})
const taint = (key: string, effect: string): Taint => ({
  key: `node.kubernetes.io/${key}`,
  effect,
  timeAdded: now,
})
const gone = [taint('unreachable', 'NoSchedule'), taint('unreachable', 'NoExecute')]
const observed = { pods: [], isSilent: false, isMassSilence: false, now }

test('a node that is silent is told to be unreachable, once', () => {
  assert.deepEqual(plan(node({ Ready: 'True' }), { ...observed, isSilent: true }), [
    { type: 'MarkUnreachable' },
  ])
  const known = node({ Ready: 'Unknown' }, { taints: gone })
  assert.deepEqual(plan(known, { ...observed, isSilent: true }), [])
})

test('an unreachable node gets its taints; its pods that are ready are so no longer', () => {
  assert.deepEqual(plan(node({ Ready: 'Unknown' }), observed), [
    { type: 'SetTaints', taints: gone },
  ])
  const tainted = node({ Ready: 'Unknown' }, { taints: gone })
  assert.deepEqual(plan(tainted, { ...observed, pods: [pod('True'), pod('False')] }), [
    { type: 'MarkUnready', pod: pod('True') },
  ])
})

test('where most nodes are silent no pods are driven away, and none is said to be unready', () => {
  const mass = { ...observed, isMassSilence: true, pods: [pod('True')] }
  const taints = [taint('unreachable', 'NoSchedule')]
  assert.deepEqual(plan(node({ Ready: 'Unknown' }), mass), [{ type: 'SetTaints', taints }])
  assert.deepEqual(plan(node({ Ready: 'Unknown' }, { taints: gone }), mass), [
    { type: 'SetTaints', taints },
  ])
  assert.deepEqual(plan(node({ Ready: 'Unknown' }, { taints }), mass), [])
})

test('taints tell what a node is, and leave those that others set', () => {
  const own = { key: 'mine', effect: 'NoExecute' }
  const wantedOf = (...given: Parameters<typeof node>) => {
    const [step] = plan(node(...given), observed)
    return step?.type === 'SetTaints' ? step.taints : undefined
  }
  assert.equal(wantedOf({ Ready: 'True' }), undefined)
  assert.deepEqual(wantedOf({ Ready: 'True' }, { taints: [...gone, own] }), [own])
  assert.deepEqual(wantedOf({ Ready: 'False' }, { taints: [own, ...gone] }), [
    own,
    taint('not-ready', 'NoSchedule'),
    taint('not-ready', 'NoExecute'),
  ])
  assert.deepEqual(wantedOf({ Ready: 'True' }, { unschedulable: true }), [
    taint('unschedulable', 'NoSchedule'),
  ])
  assert.deepEqual(wantedOf({ Ready: 'True', DiskPressure: 'True', MemoryPressure: 'Unknown' }), [
    taint('disk-pressure', 'NoSchedule'),
  ])
  assert.equal(wantedOf({ Ready: 'True' }, { taints: [own] }), undefined)
})

test('of an unreachable node nothing is known any more, in upstream’s words', () => {
  const status = unreachableStatus(node({ NetworkUnavailable: 'False', Ready: 'True' }), now)
  const unknown = { status: 'Unknown', lastTransitionTime: now }
  const stopped = { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' }
  const never = { reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.' }
  assert.deepEqual(status.conditions, [
    condition('NetworkUnavailable', 'False'),
    { type: 'Ready', ...unknown, lastHeartbeatTime: before, ...stopped },
    ...['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => {
      return { type, ...unknown, lastHeartbeatTime: now, ...never }
    }),
  ])
  assert.deepEqual(unreachableStatus({ ...node({}), status }, 'later'), status)
})

test('a pod of which nobody knows whether it serves is not ready', () => {
  const unready = {
    type: 'Ready',
    status: 'False',
    reason: 'NodeNotReady',
    lastTransitionTime: now,
  }
  assert.deepEqual(unreadyStatus(pod('True'), now).conditions, [unready])
  const told = pod('False')
  assert.equal(unreadyStatus(told, now), told.status)
})
