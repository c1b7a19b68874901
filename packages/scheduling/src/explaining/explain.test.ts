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

test('a pod that a taint has driven out says which', () => {
  const message = 'Taint manager: deleting due to NoExecute taint team=a:NoExecute'
  const condition = { type: 'DisruptionTarget', reason: 'DeletionByTaintManager', message }
  const patch = [
    { op: 'add', path: '/metadata/deletionTimestamp', value: '2026-01-01T00:00:04Z' },
    { op: 'add', path: '/status/conditions/-', value: condition },
  ]
  const why = explainPod([created, event('PodEvicted', 4, { patch })])
  assert.equal(why.eviction?.reason, 'DeletionByTaintManager')
  assert.match(
    formatWhy(why),
    /^It was evicted 2026-01-01T00:00:04.000Z by \S+: Taint manager: .* team=a:NoExecute$/m,
  )
})

test('a pod that had to leave for a more important one says for which', () => {
  const preemptor = { uid: 'u9', nodeName: 'a', namespace: 'default', name: 'urgent' }
  const leaving = (by: object) => [
    ...[created, scheduled],
    event('PodPreempted', 4, { patch: [], preemptor: by }),
    event('PodDeleted', 5, { patch: [] }),
  ]
  const left = /^It had to leave a 2026-01-01T00:00:04.000Z for the more important pod (\S+)$/m
  const whom = (by: object) => left.exec(formatWhy(explainPod(leaving(by))))?.[1]
  assert.equal(whom(preemptor), 'default/urgent')
  assert.equal(whom({ uid: 'u9', nodeName: 'a' }), 'u9')
})

test('a node that was kept for it is told, and who had to leave that', () => {
  const victims = [{ namespace: 'default', name: 'low', uid: 'u2' }]
  const nomination = { nodeName: 'a', victims }
  const kept = event('PodSchedulingFailed', 1, {
    patch: [],
    decision: decision(4, { message: refused, nomination }),
  })
  const room = `${refused} It makes room on a by ending default/low.`
  assert.ok(formatWhy(explainPod([created, kept])).includes(`\n${room}\n`))
  const before = formatWhy(explainPod([created, kept, scheduled])).split('Before that\n')[1]
  assert.equal(before, `  2026-01-01T00:00:01.000Z  ${room}\n`)
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

test('a pod that named its node itself was nobody’s to place', () => {
  const data = created.data as { object: { spec: object } }
  const object = { ...data.object, spec: { containers: [], nodeName: 'b' } }
  const why = explainPod([{ ...created, data: { object } }])
  assert.deepEqual([why.state, why.nodeName, why.decisions], ['Preset', 'b', []])
  assert.match(formatWhy(why), /named its node itself: b; no scheduler was asked/)
})

test('a pod that is gone is told with the node that it was on, if it was on one', () => {
  const deleted = event('PodDeleted', 3, { patch: [] })
  assert.match(formatWhy(explainPod([created, scheduled, deleted])), /is deleted; it was on a$/m)
  assert.match(formatWhy(explainPod([created, deleted])), /is deleted$/m)
})

test('a pod that is placed at last is explained by that, though it failed before', () => {
  const why = explainPod([created, scheduled, { ...failed, revision: 3n }])
  assert.deepEqual([why.state, why.nodeName], ['Unschedulable', 'a'])
})

test('of a stream whose beginning is gone is told what is left', () => {
  const why = explainPod([failed, scheduled])
  assert.deepEqual([why.namespace, why.name, why.state], ['default', 'web-1', 'Scheduled'])
  assert.ok(!('uid' in why) && !('createdAt' in why))
  assert.equal(explainPod([]).state, 'Waiting')
})

test('when a pod came is told by who recorded it', () => {
  assert.equal(explainPod([created]).createdAt, '2026-01-01T00:00:00.000Z')
  assert.ok(!('createdAt' in explainPod([{ ...created, metadata: undefined }])))
})

test('of a decision nothing is told that its event does not tell', () => {
  const { $causationId: _, ...uncaused } = metadata(2)
  const plain = explainPod([created, { ...scheduled, metadata: uncaused }]).decisions[0]
  assert.ok(plain && !('causationId' in plain) && !('digest' in plain))
  assert.deepEqual([plain.actor, plain.correlationId], ['system:kube-scheduler', 'request'])
  const bare = explainPod([created, { ...failed, metadata: undefined }])
  const [unsaid] = bare.decisions
  assert.ok(unsaid && !('actor' in unsaid) && !('nodeName' in unsaid))
  const text = formatWhy(bare)
  assert.match(text, /by the scheduler, term 3/)
  assert.match(text, /^Event event-1 at 1001$/m)
  assert.match(text, /^Seen: the log up to 999$/m)
  assert.ok(!text.includes('Before that'))
})

test('a digest goes with the decision that has one', () => {
  const digest = { nodeCount: 101, suitingCount: 0, reasons: [], best: [] }
  const why = explainPod([
    created,
    event('PodSchedulingFailed', 1, { patch: [], decision: decision(1, { digest }) }),
  ])
  assert.deepEqual(why.decisions[0]?.digest, digest)
})

test('every node is told beside the chosen one: who suited too, and who was rejected', () => {
  const passed = ['NodeName']
  const nodes = [
    { node: 'a', passed, scores: { NodeResourcesFit: 90 }, total: 90 },
    { node: 'b-2', passed, scores: { NodeResourcesFit: 80 }, total: 80 },
    { node: 'c', passed: [], rejectedBy: { plugin: 'NodeName', reason: 'another is named' } },
  ]
  const patch = [{ op: 'add', path: '/spec/nodeName', value: 'a' }]
  const placed = event('PodScheduled', 2, { patch, decision: decision(5, { nodes }) })
  const why = explainPod([created, placed])
  const rows = formatWhy(why).split('\n').slice(3, 7)
  assert.deepEqual(rows, [
    'NODE  VERDICT   TOTAL  NodeResourcesFit  DETAIL',
    'a     chosen    90     90                passed NodeName',
    'b-2   feasible  80     80                passed NodeName',
    'c     rejected  -      -                 NodeName: another is named',
  ])
  const colored = formatWhy(why, { color: true }).split('\n')
  assert.deepEqual(
    colored
      .slice(3, 7)
      .map((line) => line.startsWith('\u001b') && line.slice(2, line.indexOf('m'))),
    ['2', '32', false, false],
  )
})

test('a pod that was placed by a record of its full state is on the node that this names', () => {
  const data = created.data as { object: { spec: object } }
  const object = { ...data.object, spec: { containers: [], nodeName: 'c' } }
  const why = explainPod([
    created,
    event('PodScheduled', 2, { patch: [], object, decision: decision(1, {}) }),
  ])
  assert.equal(why.nodeName, 'c')
})
