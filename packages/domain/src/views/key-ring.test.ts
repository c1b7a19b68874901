import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryVault } from '@reckon/writing/vault-fixture'
import { keyStream } from '../data-key.ts'
import { recordedEvent } from '../recorded-event.fixture.ts'
import { KeyRing } from './key-ring.ts'

const stream = 'secrets-default/s'
const place = { stream, id: 'e' }
const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', uid: 'u' } }

const event = (type: string, inStream: string, data: unknown = {}) =>
  recordedEvent(type, data, { id: 'e', stream: inStream })

/** A ring of this vault that has the key of one object. */
function ringOf(vault = memoryVault()) {
  const ring = new KeyRing(vault)
  const drawn = ring.draw('u', stream)
  ring.apply(event('DataKeyCreated', keyStream('u'), drawn))
  return { ring, vault, drawn }
}

test('what is sealed with an object’s key is read again by whoever has it', () => {
  const { ring } = ringOf()
  const { sealed } = ring.seal('u', { object }, place)
  assert.deepEqual([sealed.key, sealed.whole], ['u', true])
  assert.deepEqual(ring.open(event('SecretCreated', stream, { sealed })).data, { sealed, object })
})

test('a sealed change that has no object is not whole', () => {
  const { sealed } = ringOf().ring.seal('u', { patch: [] }, place)
  assert.ok(!('whole' in sealed))
})

test('what is sealed for one event opens in no other', () => {
  const { ring } = ringOf()
  const { sealed } = ring.seal('u', { object }, { ...place, id: 'another' })
  const moved = event('SecretCreated', stream, { sealed })
  assert.equal(ring.open(moved), moved)
})

test('an event in clear is left as it is', () => {
  const clear = event('SecretCreated', stream, { object })
  assert.equal(ringOf().ring.open(clear), clear)
})

test('without a vault nothing is drawn, sealed or opened', () => {
  const { ring, drawn } = ringOf()
  const { sealed } = ring.seal('u', { object }, place)
  const blind = new KeyRing()
  blind.apply(event('DataKeyCreated', keyStream('u'), drawn))
  assert.equal(blind.masterKeyId, undefined)
  assert.ok(!blind.has('u'))
  assert.throws(() => blind.draw('u', stream), /there is no master key/)
  assert.throws(() => blind.sealText('u', 'x', 'p'), /no key to seal p/)
  assert.equal(blind.openText('u', sealed, 'p'), undefined)
})

test('a key of another master key is no key', () => {
  const { drawn } = ringOf(memoryVault('one'))
  const ring = new KeyRing(memoryVault('two'))
  ring.apply(event('DataKeyCreated', keyStream('u'), drawn))
  assert.equal(ring.masterKeyId, 'two')
  assert.ok(!ring.has('u'))
  assert.equal(ring.streamOf('u'), stream)
})

test('nothing is sealed under a key that was never recorded', () =>
  assert.throws(() => ringOf().ring.sealText('other', 'x', 'p'), /no key to seal p/))

test('once its stream is ended a key is forgotten, and what it sealed stays closed', () => {
  const { ring } = ringOf()
  const { sealed } = ring.seal('u', { object }, place)
  ring.apply(event('$metadata', keyStream('u')))
  assert.ok(!ring.has('u'))
  assert.equal(ring.streamOf('u'), undefined)
  assert.deepEqual([...ring.held()], [])
  const closed = event('SecretCreated', stream, { sealed })
  assert.equal(ring.open(closed), closed)
})

test('events of other streams, and others of a key’s, leave it as it is', () => {
  const { ring, drawn } = ringOf()
  ring.apply(event('$metadata', stream))
  ring.apply(event('DataKeyNoticed', keyStream('u')))
  ring.apply(event('DataKeyCreated', stream, drawn))
  assert.deepEqual([...ring.held()], [{ uid: 'u', stream }])
  assert.ok(ring.has('u'))
})

test('a ring with one key keeps it though it be destroyed meanwhile', () => {
  const { ring } = ringOf()
  const { sealed } = ring.seal('u', { object }, place)
  const [one, none] = [ring.only('u'), ring.only('other')]
  ring.apply(event('$metadata', keyStream('u')))
  assert.ok(one.has('u'))
  assert.deepEqual(one.open(event('SecretCreated', stream, { sealed })).data, { sealed, object })
  assert.deepEqual([...none.held()], [])
})

test('keys are saved wrapped, and restored with the same vault', () => {
  const { ring, vault, drawn } = ringOf()
  assert.deepEqual(ring.snapshot(), [['u', drawn]])
  const restored = new KeyRing(vault)
  for (const saved of ring.snapshot()) restored.restore(saved)
  assert.ok(restored.has('u'))
  assert.deepEqual([...ring.empty().held()], [])
})

test('a key is unwrapped once, however often it is used', ({ mock }) => {
  const { ring, vault } = ringOf()
  const unwrap = mock.method(vault, 'unwrap')
  const { sealed } = ring.seal('u', { object }, place)
  ring.open(event('SecretCreated', stream, { sealed }))
  assert.equal(unwrap.mock.callCount(), 1)
})
