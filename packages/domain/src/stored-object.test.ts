import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordedEvent } from '@reckon/eventing'
import { type JsonPatch, type KubernetesObject, nodes, secrets } from '@reckon/kubernetes'
import { recordedEvent } from './recorded-event.fixture.ts'
import {
  evolveObject,
  isEntireState,
  isStatusOnly,
  patched,
  type StoredObject,
} from './stored-object.ts'

const node: KubernetesObject = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', uid: 'u' } }

const event = (type: string, data: unknown, position: bigint) =>
  recordedEvent(type, data, {
    stream: type.startsWith('Node') ? 'nodes-/n' : 'secrets-default/s',
    position,
  })
const fold = (...events: RecordedEvent[]): StoredObject | undefined =>
  events.reduce<StoredObject | undefined>(
    (state, each) => evolveObject(each.type.startsWith('Node') ? nodes : secrets, state, each),
    undefined,
  )
const at = (position: bigint) => ({ id: `e${position}`, correlationId: `e${position}` })
const created = event('NodeCreated', { object: node }, 1n)
const add = (path: string, value: unknown): JsonPatch => [{ op: 'add', path, value }]

test('an object is as its last event left it, its version that event’s position', () => {
  const stored = fold(created, event('NodeChanged', { patch: add('/spec', { a: 1 }) }, 2n))
  assert.deepEqual(stored, {
    object: { ...node, metadata: { ...node.metadata, resourceVersion: '2' }, spec: { a: 1 } },
    revision: 1n,
    position: 2n,
    changes: 1,
    last: at(2n),
    intent: at(2n),
  })
})

test('a fold can begin with what is whole, of a type that the kind has', () => {
  const whole = { patch: add('/spec', {}), object: node }
  assert.equal(isEntireState(nodes, event('NodeChanged', whole, 2n)), true)
  assert.equal(isEntireState(nodes, event('NodeChanged', { patch: whole.patch }, 2n)), false)
  assert.equal(isEntireState(nodes, event('NodeForgotten', whole, 2n)), false)
})

test('a change of status alone is not what followers answer', () => {
  const status = event('NodeStatusChanged', { patch: add('/status', {}) }, 2n)
  assert.deepEqual(fold(created, status)?.intent, at(1n))
  assert.deepEqual(fold(created, status)?.last, at(2n))
  const spec = event('NodeChanged', { patch: add('/spec', {}) }, 2n)
  assert.deepEqual(fold(created, spec)?.intent, at(2n))
})

test('a whole record of a change of status says what followers answer, wherever the fold begins', () => {
  const data = { patch: add('/status', {}), object: node }
  const whole = event('NodeStatusChanged', { ...data, intent: at(1n) }, 3n)
  assert.deepEqual(fold(whole)?.intent, at(1n))
  assert.deepEqual(fold(created, whole)?.intent, at(1n))
  const spec = event('NodeChanged', { patch: add('/spec', {}) }, 2n)
  assert.deepEqual(fold(created, spec, whole)?.intent, at(1n))
  const older = event('NodeStatusChanged', data, 3n)
  assert.deepEqual(fold(older)?.intent, at(3n))
  assert.deepEqual(fold(created, spec, older)?.intent, at(2n))
})

test('changes are counted since the object was last recorded whole', () => {
  const change = (position: bigint, object?: KubernetesObject) =>
    event('NodeChanged', { patch: add('/spec', {}), ...(object && { object }) }, position)
  assert.equal(fold(created, change(2n), change(3n))?.changes, 2)
  assert.equal(fold(created, change(2n), change(3n, node))?.changes, 0)
  assert.deepEqual(fold(change(3n, node))?.intent, at(3n))
})

test('a deleted object is none; a change of none is refused', () => {
  assert.equal(fold(created, event('NodeDeleted', { patch: [] }, 2n)), undefined)
  const change = event('NodeChanged', { patch: [] }, 2n)
  assert.throws(() => fold(change), /changes an object that is not there/)
})

test('what the agent said last is kept until it says more', () => {
  const [report, boot] = [
    { boot: 1, number: 1 },
    { id: 'b', number: 1 },
  ]
  const registered = event('NodeRegistered', { patch: [], report, boot }, 2n)
  const changed = event('NodeChanged', { patch: [] }, 3n)
  const whole = event('NodeChanged', { patch: [], object: node }, 3n)
  for (const later of [changed, whole]) {
    const stored = fold(created, registered, later)
    assert.deepEqual([stored?.report, stored?.boot], [report, boot])
  }
  const again = event('NodeChanged', { patch: [], report: { boot: 1, number: 2 } }, 3n)
  assert.deepEqual(fold(created, registered, again)?.report, { boot: 1, number: 2 })
  assert.deepEqual(fold(event('NodeCreated', { object: node, report, boot }, 1n))?.boot, boot)
  assert.ok(!('report' in (fold(created) ?? { report: 1 })))
  assert.ok(!('boot' in (fold(created) ?? { boot: 1 })))
})

test('a whole record of an object takes nothing over from an earlier one of its name', () => {
  const [report, boot] = [
    { boot: 1, number: 1 },
    { id: 'b', number: 1 },
  ]
  const earlier = event('NodeCreated', { object: node, report, boot }, 1n)
  const object = { ...node, metadata: { name: 'n', uid: 'v' } }
  const whole = event('NodeStatusChanged', { patch: [], object, intent: at(7n) }, 9n)
  assert.deepEqual(fold(earlier, whole), fold(whole))
})

test('the correlation of an event is its own id where none was given', () => {
  const metadata = { actor: { user: 'a' }, verb: 'v', time: '', $correlationId: 'c' }
  assert.deepEqual(fold({ ...created, metadata })?.last, { id: 'e1', correlationId: 'c' })
})

test('a patch is one of status alone where every operation is', () => {
  const paths = (...some: string[]) => some.flatMap((path) => add(path, 1))
  assert.ok(isStatusOnly(paths('/status')))
  assert.ok(isStatusOnly(paths('/status/phase', '/status/x')))
  assert.ok(!isStatusOnly(paths('/status', '/spec')))
  assert.ok(!isStatusOnly(paths('/statusBar')))
})

test('what a patch leaves is an object still', () => {
  const gone = [{ op: 'remove' as const, path: '/metadata' }]
  assert.throws(() => patched(node, gone), /Node n leaves no object/)
})

const secret: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's', namespace: 'default', uid: 'k' },
}
const sealed = (whole?: true) => ({ key: 'k', iv: '', data: '', tag: '', ...(whole && { whole }) })
const opened = event('SecretCreated', { sealed: sealed(true), object: secret }, 1n)
const unopened = event('SecretCreated', { sealed: sealed(true) }, 1n)
const patch = add('/data', { a: 'b' })

test('a sealed object is known where its events are opened', () => {
  const stored = fold(opened, event('SecretChanged', { sealed: sealed(), patch }, 2n))
  assert.equal(stored?.sealed, 'Open')
  assert.deepEqual(stored?.object, {
    ...secret,
    metadata: { ...secret.metadata, resourceVersion: '2' },
    data: { a: 'b' },
  })
  assert.equal(stored?.changes, 1)
})

const closedCases: [what: string, events: RecordedEvent[]][] = [
  ['was created unopened', [unopened]],
  ['was changed unopened', [opened, event('SecretChanged', { sealed: sealed() }, 2n)]],
  ['was not known before', [unopened, event('SecretChanged', { sealed: sealed(), patch }, 2n)]],
  ['is read from its midst', [event('SecretChanged', { sealed: sealed(), patch }, 2n)]],
  [
    'is another one now',
    [opened, event('SecretChanged', { sealed: { ...sealed(), key: 'other' }, patch }, 2n)],
  ],
]
for (const [what, events] of closedCases) {
  test(`a sealed object that ${what} exists, and no more is known`, () => {
    const stored = fold(...events)
    assert.equal(stored?.sealed, 'Closed')
    assert.ok(!('data' in (stored?.object ?? { data: 1 })))
    assert.equal(
      stored?.object.metadata.resourceVersion,
      String(events.length > 1 ? 2 : events[0]?.position),
    )
  })
}

test('changes of a sealed object are counted since it was whole, opened or not', () => {
  const change = (position: bigint, whole?: true) =>
    event('SecretChanged', { sealed: sealed(whole) }, position)
  assert.equal(fold(unopened, change(2n), change(3n))?.changes, 2)
  assert.equal(fold(unopened, change(2n), change(3n, true))?.changes, 0)
})

test('every change of a sealed object is one that followers answer', () =>
  assert.deepEqual(
    fold(opened, event('SecretChanged', { sealed: sealed(), patch }, 2n))?.intent,
    at(2n),
  ))
