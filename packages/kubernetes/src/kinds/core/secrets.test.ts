import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode } from '../../decoding/decode.ts'
import { withDefaults } from '../../defaults.ts'
import type { Secret } from '../../object.ts'
import { isRefusal } from '../../status-error.ts'
import { validateUpdate } from '../../validation.ts'
import { secrets } from './secrets.ts'

const secretOf = (of: Partial<Secret>): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'db', namespace: 'default', creationTimestamp: '2026-11-21T00:00:00Z' },
  ...of,
})
const errorsOf = (of: Partial<Secret>) =>
  secrets
    .validate(withDefaults(secrets, secretOf(of)))
    .map(({ field, reason }) => `${field} ${reason}`)

test('text becomes data, over what stands there, and is not kept itself', () => {
  const given = secretOf({ data: { a: 'eA==', b: 'eQ\n==' }, stringData: { a: 'schön' } })
  const { type, data, stringData } = withDefaults(secrets, given)
  assert.equal(type, 'Opaque')
  assert.deepEqual(data, { a: Buffer.from('schön').toString('base64'), b: 'eQ==' })
  assert.equal(stringData, undefined)
})

test('a Secret without data stays without', () => {
  assert.equal('data' in withDefaults(secrets, secretOf({})), false)
})

test('what is no base64 is refused without quoting it', () => {
  for (const value of ['hunter2!', 'abc', 'a=bc']) {
    const text = JSON.stringify(secretOf({ data: { password: value } }))
    assert.throws(
      () => decode(secrets, secrets, { text }),
      (error) =>
        isRefusal(error, 'BadRequest') &&
        error.message.includes('illegal base64 data') &&
        !error.message.includes(value),
    )
  }
})

test('each known type must have its keys', () => {
  assert.deepEqual(errorsOf({ type: 'kubernetes.io/tls', data: { 'tls.crt': '' } }), [
    'data[tls.key] FieldValueRequired',
  ])
  assert.deepEqual(errorsOf({ type: 'kubernetes.io/basic-auth' }), [
    'data[username] FieldValueRequired',
    'data[password] FieldValueRequired',
  ])
  assert.deepEqual(errorsOf({ type: 'kubernetes.io/ssh-auth', data: { 'ssh-privatekey': '' } }), [
    'data[ssh-privatekey] FieldValueRequired',
  ])
  assert.deepEqual(errorsOf({ type: 'kubernetes.io/service-account-token' }), [
    'metadata.annotations[kubernetes.io/service-account.name] FieldValueRequired',
  ])
  const type = 'kubernetes.io/dockerconfigjson'
  assert.deepEqual(errorsOf({ type }), ['data[.dockerconfigjson] FieldValueRequired'])
  assert.deepEqual(errorsOf({ type, stringData: { '.dockerconfigjson': '{' } }), [
    'data[.dockerconfigjson] FieldValueInvalid',
  ])
  assert.deepEqual(errorsOf({ type, stringData: { '.dockerconfigjson': '{}' } }), [])
  assert.deepEqual(errorsOf({ type: 'example.com/own' }), [])
})

test('a Secret holds at most 1 MiB', () => {
  assert.deepEqual(errorsOf({ stringData: { a: 'x'.repeat(1024 * 1024) } }), [])
  assert.deepEqual(errorsOf({ stringData: { a: 'x'.repeat(1024 * 1024 + 1) } }), [
    'data FieldValueTooLong',
  ])
})

test('neither its type nor, once immutable, its data may change', () => {
  const before = withDefaults(secrets, secretOf({ immutable: true, stringData: { a: '1' } }))
  const changed = { ...before, type: 'example.com/own', data: { a: '' } }
  assert.throws(
    () => validateUpdate(secrets, before, changed),
    (error) => {
      assert.ok(isRefusal(error, 'Invalid'))
      assert.deepEqual(
        error.details?.causes?.map(({ field }) => field),
        ['type', 'data'],
      )
      return true
    },
  )
})

test('its table shows how much it holds, not what', () => {
  const now = new Date('2026-11-21T00:00:05Z')
  const held = withDefaults(secrets, secretOf({ stringData: { a: 'x', b: 'y' } }))
  assert.deepEqual(secrets.row(held, now), ['db', 'Opaque', 2, '5s'])
})
