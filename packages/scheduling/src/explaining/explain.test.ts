import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decision, ObjectChange } from '@reckon/domain'
import { explainPod } from './explain.ts'
import { formatWhy } from './format-why.ts'

const metadata = (second: number) => ({
  actor: { user: 'system:kube-scheduler' },
  verb: 'create',
  time: `2026-01-01T00:00:0${second}.000Z`,
  $correlationId: 'request',
  $causationId: 'created',
})

const event = (type: string, revision: number, data: unknown): ObjectChange['event'] => ({
  id: `event-${revision}`,
  type,
  stream: 'pods-default/web-1',
  revision: BigInt(revision),
  position: BigInt(1000 + revision),
  data,
  metadata: metadata(revision),
})

const decision = (number: number, rest: Partial<Decision>): Decision => ({
  term: 3,
  number,
  view: { position: '999', eventId: 'seen' },
  policy: 'default',
  assumed: [],
  nodes: [],
  message: '',
  ...rest,
})

const created = event('PodCreated', 0, {
  object: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', namespace: 'default', uid: 'u1' },
    spec: { containers: [] },
  },
})
const refused = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."
const failed = event('PodSchedulingFailed', 1, {
  patch: [{ op: 'add', path: '/status/conditions', value: [] }],
  decision: decision(4, {
    message: refused,
    nodes: [
      {
        node: 'a',
        passed: ['NodeName'],
        rejectedBy: {
          plugin: 'NodeAffinity',
          reason: "node(s) didn't match Pod's node affinity/selector",
        },
      },
    ],
  }),
})
const scheduled = event('PodScheduled', 2, {
  patch: [{ op: 'add', path: '/spec/nodeName', value: 'a' }],
  decision: decision(5, {
    assumed: [2],
    message: 'Successfully assigned default/web-1 to a',
    nodes: [{ node: 'a', passed: ['NodeName'], scores: { NodeResourcesFit: 90 }, total: 90 }],
  }),
})

test('a pod that nobody has decided about waits', () => {
  assert.equal(explainPod([created]).state, 'Waiting')
  assert.match(formatWhy(explainPod([created])), /no scheduler has decided yet/)
})

test('an unschedulable pod is explained node by node', () => {
  const why = explainPod([created, failed])
  assert.equal(why.state, 'Unschedulable')
  assert.equal(why.uid, 'u1')
  const text = formatWhy(why)
  assert.ok(text.includes(refused))
  assert.match(text, /^a +rejected +NodeAffinity: node\(s\) didn't match.*; passed NodeName$/m)
})

test('a placed pod names its node, the scores, the term and what came before', () => {
  const why = explainPod([created, failed, scheduled])
  assert.equal(why.state, 'Scheduled')
  assert.equal(why.nodeName, 'a')
  assert.deepEqual(
    why.decisions.map(({ term, number, causationId }) => [term, number, causationId]),
    [
      [3, 4, 'created'],
      [3, 5, 'created'],
    ],
  )
  const text = formatWhy(why)
  assert.match(text, /^NODE +VERDICT +TOTAL +NodeResourcesFit +DETAIL$/m)
  assert.match(text, /^a +chosen +90 +90 +passed NodeName$/m)
  assert.match(text, /term 3, decision 5, policy default/)
  assert.match(text, /relying on decisions 2/)
  assert.match(text, /Before that\n.*0\/1 nodes/)
  assert.ok(!text.includes('\u001b'))
  assert.ok(formatWhy(why, { color: true }).includes('\u001b'))
})

test('only the last pod of a name counts', () => {
  const again = { ...created, id: 'again', revision: 4n }
  const deleted = event('PodDeleted', 3, { patch: [] })
  assert.equal(explainPod([created, scheduled, deleted]).state, 'Deleted')
  assert.equal(explainPod([created, scheduled, deleted, again]).state, 'Waiting')
})
