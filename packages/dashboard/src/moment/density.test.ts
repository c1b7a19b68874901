import assert from 'node:assert/strict'
import { test } from 'node:test'
import { densityOf, lastBy, neighbour, outlinesOf, totalsOf } from './density.ts'
import { classOf, inOrder, isLater, markOf, objectOfStream } from './log-mark.ts'

const mark = (position: number, user: string, type = 'PodCreated') => ({
  ...{ position: String(position), timeMs: position * 1_000, user, type },
  ...{ stream: 'pods-default/web', verb: 'create' },
})

const marks = [
  mark(1, 'ada'),
  mark(2, 'system:node:a'),
  mark(9, 'system:kube-scheduler'),
  mark(10, 'system:node:a', 'NodeBecameUnreachable'),
]
const span = { fromMs: 0, toMs: 20_000 }

test('each event falls into the part of its time, and into the class of who made it', () => {
  const density = densityOf(marks, span, 2)
  assert.deepEqual(density, {
    ...{ people: [1, 0], nodes: [1, 0] },
    ...{ controllers: [1, 0], trouble: [0, 1] },
  })
  assert.equal(densityOf(marks, { fromMs: 30_000, toMs: 40_000 }, 2).people[0], 0)
})

test('trouble is trouble, whoever tells it', () => {
  assert.equal(classOf(mark(1, 'ada', 'PodEvicted')), 'trouble')
  assert.equal(classOf(mark(1, 'system:serviceaccount:demo:ci')), 'controllers')
})

test('bars reach no higher than the box, and nothing is drawn of nothing', () => {
  const { people, trouble } = outlinesOf(densityOf(marks, span, 2), 2)
  assert.match(people, /^M0.12 1V/)
  assert.match(trouble, /^M1.12 1V/)
  assert.deepEqual(Object.values(outlinesOf(densityOf([], span, 2), 2)), ['', '', '', ''])
})

test('a height is by the share of events in the fullest part, as the scale has it', () => {
  const density = densityOf(marks, span, 2)
  assert.deepEqual(totalsOf(density, 2), [3, 1])
  const { trouble } = outlinesOf(density, 2, (share) => share)
  assert.match(trouble, /^M1.12 1V0.667h/)
})

test('steps go from event to event, over those that do not count', () => {
  const all = { counts: () => true }
  assert.equal(neighbour(marks, '9', { steps: -1, ...all })?.position, '2')
  assert.equal(neighbour(marks, '9', { steps: 1, ...all })?.position, '10')
  assert.equal(neighbour(marks, undefined, { steps: -1, ...all })?.position, '9')
  assert.equal(neighbour(marks, '10', { steps: 1, ...all }), undefined)
  const ofPeople = { counts: ({ user }: { user: string }) => user === 'ada' }
  assert.equal(neighbour(marks, '9', { steps: -1, ...ofPeople })?.position, '1')
})

test('a time is the last event by then', () => {
  assert.equal(lastBy(marks, 9_500)?.position, '9')
  assert.equal(lastBy(marks, 500), undefined)
})

test('positions are compared as the numbers that they are', () => {
  assert.ok(isLater('10', '9'))
  assert.ok(!isLater('99999999999999999998', '99999999999999999999'))
  assert.deepEqual(inOrder('10', '9'), ['9', '10'])
  assert.deepEqual(inOrder('9', undefined), ['9', undefined])
  assert.deepEqual(inOrder(undefined, '9'), ['9', undefined])
})

test('what a line of the log tells', () => {
  const told = { position: '7', stream: 'nodes-/a', type: 'NodeCreated' }
  assert.equal(markOf(told), undefined)
  const metadata = { time: '1970-01-01T00:00:01Z', verb: 'create', actor: { user: 'ada' } }
  assert.deepEqual(markOf({ ...told, metadata }), {
    ...{ ...told, timeMs: 1_000 },
    ...{ user: 'ada', verb: 'create' },
  })
  assert.deepEqual(objectOfStream('nodes-/a'), { resource: 'nodes', namespace: '', name: 'a' })
  assert.deepEqual(objectOfStream('deployments.apps-kube-system/web-1')?.namespace, 'kube-system')
  assert.equal(objectOfStream('terms-api'), undefined)
})
