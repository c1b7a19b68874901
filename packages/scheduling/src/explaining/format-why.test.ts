import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WhyDecision } from './explain.ts'
import { formatWhy } from './format-why.ts'

const decision: WhyDecision = {
  outcome: 'Scheduled',
  nodeName: 'a',
  time: '2026-01-01T00:00:00Z',
  position: '9',
  eventId: 'e9',
  term: 1,
  number: 2,
  policy: 'default',
  view: { position: '8', eventId: 'e8' },
  assumed: [],
  message: 'Successfully assigned default/web to a',
  nodes: [
    { node: 'a', passed: ['NodeName'], scores: { NodeAffinity: 3 }, total: 3 },
    { node: 'b', passed: [], scores: {}, total: 0 },
    { node: 'c', passed: ['NodeName'], rejectedBy: { plugin: 'NodePorts', reason: 'taken' } },
    { node: 'd', passed: [], rejectedBy: { plugin: 'NodeName', reason: 'other' } },
  ],
}
const why = { namespace: 'default', name: 'web', state: 'Scheduled', nodeName: 'a' } as const
const formatted = (more: Partial<Parameters<typeof formatWhy>[0]>, options = {}) =>
  formatWhy({ ...why, decisions: [decision], ...more }, options)

test('each node is a row: chosen, feasible or rejected, its scores, what it passed', () => {
  assert.equal(
    formatted({}),
    `pod/web in namespace default was placed on a
Successfully assigned default/web to a

NODE  VERDICT   TOTAL  NodeAffinity  DETAIL
a     chosen    3      3             passed NodeName
b     feasible  0      -
c     rejected  -      -             NodePorts: taken; passed NodeName
d     rejected  -      -             NodeName: other

Decided 2026-01-01T00:00:00Z by the scheduler, term 1, decision 2, policy default
Seen: the log up to 8
Event e9 at 9
`,
  )
})

test('where nothing scored there are no columns for scores', () => {
  const nodes = [{ node: 'a', passed: [] }]
  assert.match(
    formatted({ decisions: [{ ...decision, nodes }] }),
    /^NODE {2}VERDICT {2}DETAIL\na {5}chosen$/m,
  )
})

test('who decided, on what it relied and what caused it are told', () => {
  const more = { actor: 'sched', assumed: [3, 4], causationId: 'e7' }
  const text = formatted({ decisions: [{ ...decision, ...more }] })
  assert.match(text, /^Decided .* by sched, /m)
  assert.match(text, /^Seen: the log up to 8, relying on decisions 3, 4$/m)
  assert.match(text, /^Event e9 at 9, caused by e7$/m)
})

test('decisions before are told in a line each, the newest first', () => {
  const before = ['one', 'two'].map((message) => ({ ...decision, message, time: message }))
  assert.match(
    formatted({ decisions: [...before, decision] }),
    /\n\nBefore that\n {2}two {2}two\n {2}one {2}one\n$/,
  )
  assert.doesNotMatch(formatted({}), /Before that/)
})

test('each state has its headline', () => {
  const headline = (more: Parameters<typeof formatted>[0]) =>
    formatted({ ...more, decisions: [] }).split('\n')[0]
  const pod = 'pod/web in namespace default'
  assert.equal(
    headline({ state: 'Preset' }),
    `${pod} named its node itself: a; no scheduler was asked`,
  )
  assert.equal(headline({ state: 'Unschedulable' }), `${pod} is unschedulable`)
  assert.equal(headline({ state: 'Deleted' }), `${pod} is deleted; it was on a`)
  assert.equal(headline({ state: 'Deleted', nodeName: '' }), `${pod} is deleted`)
  assert.equal(headline({ state: 'Waiting' }), `${pod} waits: no scheduler has decided yet`)
})

test('an eviction and containers that do not run stand before the decision', () => {
  const eviction = { time: 't', reason: 'Preempted', message: '' }
  const notRunning = [
    { container: 'c', reason: 'ErrImagePull', message: 'no such image' },
    { container: 'd', reason: 'CrashLoopBackOff' },
  ]
  assert.deepEqual(formatted({ eviction, notRunning }).split('\n').slice(1, 6), [
    'Container c does not run there: ErrImagePull: no such image',
    'Container d does not run there: CrashLoopBackOff',
    'It was evicted t by somebody: Preempted',
    '',
    'Successfully assigned default/web to a',
  ])
  const told = { ...eviction, actor: 'x', message: 'made room' }
  assert.match(formatted({ eviction: told }), /^It was evicted t by x: made room$/m)
})

test('a digest says how the others are seen, and once they are whether that is proved', () => {
  const digest = { nodeCount: 200, suitingCount: 3, reasons: [] }
  assert.match(
    formatted({ decisions: [{ ...decision, digest }] }),
    /^Of 200 nodes the best are shown; --all computes the others again$/m,
  )
  const nodes = [{ node: 'z', passed: [] }]
  const proved = formatted({ all: { nodes, isProven: true } })
  assert.match(proved, /^z {5}feasible$/m)
  assert.match(proved, /^All 1 verdicts were computed again; state and digest prove them$/m)
  const doubted = formatted({ all: { nodes, isProven: false, doubt: 'another policy' } })
  assert.match(doubted, /computed again, and may have been others: another policy$/m)
})

test('what advice says already is not said again', () => {
  const advice = {
    outlook: 'Never',
    why: 'no node',
    message: decision.message,
    changes: [],
  } as const
  const text = formatted({ advice })
  assert.equal(text.split(decision.message).length, 2)
  assert.match(text, /^Now: no node\n {5}Successfully/m)
})

test('colours mark the pod, the chosen row and the head of the table, and only where they are wanted', () => {
  const lines = formatted({}, { color: true }).split('\n')
  assert.equal(
    lines[0],
    '\u001b[1mpod/web\u001b[0m in namespace default was placed on \u001b[32ma\u001b[0m',
  )
  assert.ok(lines[3]?.startsWith('\u001b[2mNODE'))
  assert.ok(lines[4]?.startsWith('\u001b[32ma '))
  assert.ok(lines[5]?.startsWith('b '))
  assert.ok(!formatted({}).includes('\u001b'))
})
