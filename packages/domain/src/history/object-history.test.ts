import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMaps, secrets } from '@reckon/kubernetes'
import { authorOf, hiddenIn, isSecretField } from './object-history.ts'

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
  const event = {
    ...{ id: 'e', type: 'T', stream: 's', revision: 0n, position: 7n, data: {} },
    metadata: undefined,
  }
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
