import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogMark } from '../moment/log-mark.ts'
import { type Lane, lanesOf } from './lanes.ts'

let count = 0
const mark = (stream: string, type: string, timeMs: number): LogMark => {
  count += 1
  return { position: String(count), timeMs, stream, type, user: 'ada', verb: '' }
}
const deployment = 'deployments.apps-shop/web'
const replicaSet = 'replicasets.apps-shop/web-6d4cf56db6'
const pod = `pods-shop/web-6d4cf56db6-x2x9z`
const log = [
  mark(deployment, 'DeploymentCreated', 100),
  mark(replicaSet, 'ReplicaSetCreated', 110),
  mark(pod, 'PodCreated', 120),
  mark(pod, 'PodScheduled', 130),
  mark(pod, 'PodStarted', 140),
  mark(pod, 'PodBecameReady', 200),
  mark(pod, 'PodBecameUnready', 300),
  mark('leases.coordination.k8s.io-kube-node-lease/a', 'LeaseChanged', 310),
  { ...mark('configmaps-shop/kube-root-ca.crt', 'ConfigMapCreated', 90), user: 'system:apiserver' },
  mark('pods-other/lone', 'PodDeletionRequested', 350),
  mark('pods-other/lone', 'PodDeleted', 360),
]
const asked = { span: { fromMs: 0, toMs: 400 }, nowMs: 400, ns: '', open: new Set<string>() }
const told = (lane: Lane | undefined) =>
  lane?.parts.map(({ tone, fromMs, toMs }) => [tone, fromMs, toMs])
const open = new Set(['deployments.apps/shop/web', 'replicasets.apps/shop/web-6d4cf56db6'])

test('what controllers made stands under what it was made for, once that is open', () => {
  const closed = lanesOf(log, asked)
  assert.deepEqual(
    closed.map(({ id, count: own }) => [id, own]),
    [
      ['deployments.apps/shop/web', 1],
      ['pods/other/lone', 0],
    ],
  )
  const lanes = lanesOf(log, { ...asked, open })
  assert.deepEqual(
    lanes.map(({ name, depth }) => [name, depth]),
    [
      ['web', 0],
      ['web-6d4cf56db6', 1],
      ['web-6d4cf56db6-x2x9z', 2],
      ['lone', 0],
    ],
  )
})

test('a lane tells each state from its event to the next, and what is not known of it', () => {
  const lanes = lanesOf(log, { ...asked, open })
  assert.deepEqual(told(lanes[2]), [
    ['warn', 120, 130],
    ['warn', 130, 140],
    ['good', 140, 200],
    ['good', 200, 300],
    ['warn', 300, 400],
  ])
  assert.deepEqual(told(lanes[3]), [
    ['unknown', Number.NEGATIVE_INFINITY, 350],
    ['warn', 350, 360],
  ])
})

test('a closed lane tells the worst of what belongs to it', () => {
  const [lane] = lanesOf(log, asked)
  assert.deepEqual(
    told(lane)?.map(([tone]) => tone),
    ['', 'warn', 'warn', 'good', 'good', 'warn'],
  )
})

test('lanes are of one namespace, and of what was there within the span', () => {
  assert.equal(lanesOf(log, { ...asked, ns: 'other' }).length, 1)
  assert.equal(lanesOf(log, { ...asked, span: { fromMs: 370, toMs: 400 } }).length, 1)
})
