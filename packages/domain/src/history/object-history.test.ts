import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordedEvent } from '@reckon/eventing'
import { configMaps, secrets } from '@reckon/kubernetes'
import { objectFold } from '../object-fold.ts'
import { byUser, recordedEvent } from '../recorded-event.fixture.ts'
import { authorOf, hiddenIn, historyOf, isSecretField } from './object-history.ts'

test('of a Secret the values of its data and annotations are told to nobody', () => {
  for (const field of ['', 'data', 'data.password', 'stringData[a]', 'metadata.annotations[b]']) {
    assert.equal(isSecretField(secrets, field), true, field)
    assert.equal(isSecretField(configMaps, field), false, field)
  }
  for (const field of ['type', 'metadata.labels', 'dataset']) {
    assert.equal(isSecretField(secrets, field), false, field)
  }
})

test('that a value came, changed or went is told all the same', () => {
  const change = { field: 'data.password', from: undefined, to: 'x' }
  assert.deepEqual(hiddenIn(secrets, change), { ...change, to: '(secret)' })
  const gone = { ...change, from: 'x', to: undefined }
  assert.deepEqual(hiddenIn(secrets, gone), { ...gone, from: '(secret)' })
  assert.deepEqual(hiddenIn(configMaps, change), change)
  const open = { field: 'type', from: 'a', to: 'b' }
  assert.deepEqual(hiddenIn(secrets, open), open)
})

test('an author is told with as much as the event knows', () => {
  const event = recordedEvent('T', {}, { position: 7n })
  const known = { verb: 'patch', time: '2026-01-01T00:00:00Z', $correlationId: 'c' }
  const author = { position: '7', time: known.time, user: 'jane', verb: 'patch' }
  assert.deepEqual(authorOf({ ...event, metadata: { ...known, actor: { user: 'jane' } } }), author)
  const actor = { user: 'jane', client: 'kubectl', impersonator: 'ada' }
  assert.deepEqual(authorOf({ ...event, metadata: { ...known, actor, fieldManager: 'm' } }), {
    ...author,
    ...{ client: 'kubectl', manager: 'm', impersonator: 'ada' },
  })
  assert.deepEqual(authorOf(event), { position: '7', time: '', user: '', verb: '' })
})

const object = {
  ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } },
  metadata: { name: 'c', namespace: 'shop', uid: 'u' },
}
const created = recordedEvent('ConfigMapCreated', { object })
const patch = [{ op: 'replace', path: '/data/a', value: '2' }]
const changed = recordedEvent(
  'ConfigMapChanged',
  { patch },
  { position: 2n, metadata: byUser('jane', { $causationId: 'e1' }) },
)
const deleted = recordedEvent('ConfigMapDeleted', { patch: [] }, { position: 3n })
const history = (...events: RecordedEvent[]) => [
  ...historyOf(
    configMaps,
    events,
    objectFold(configMaps, (event) => event),
  ),
]

test('a history tells what each event did, with the fields that a change changed', () => {
  const told = history(created, changed, deleted)
  assert.deepEqual(
    told.map(({ effect, uid, fields }) => [effect, uid, fields.map(({ field }) => field)]),
    [
      ['Created', 'u', []],
      ['Changed', 'u', ['data.a', 'metadata.resourceVersion']],
      ['Deleted', 'u', []],
    ],
  )
  assert.deepEqual(told[2]?.object.data, { a: '2' }, 'its last state')
})

test('an event belongs to its request and names its cause, where it had one', () => {
  const [first, second] = history(created, changed)
  assert.deepEqual([first?.correlation, first && 'causation' in first], ['e1', false])
  assert.deepEqual([second?.correlation, second?.causation], ['c', 'e1'])
})

test('events of the store, and the end of what was not there, are no part of it', () => {
  const ofStore = recordedEvent('$metadata', undefined, { position: 4n })
  assert.deepEqual(history(ofStore, deleted), [])
})
