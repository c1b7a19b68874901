import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Namespace } from '@reckon/kubernetes'
import { plan } from './plan.ts'

const namespace = (metadata: object = {}): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', ...metadata },
  spec: {},
})
const account = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace: 'shop' },
}

test('a living namespace has its account default', () => {
  assert.deepEqual(plan(namespace(), undefined), [{ type: 'CreateAccount', account }])
  assert.deepEqual(plan(namespace(), account), [])
})

test('nothing is made where a namespace terminates or is gone', () => {
  const dying = namespace({ deletionTimestamp: '2026-01-01T00:00:00Z' })
  assert.deepEqual(plan(dying, undefined), [])
  assert.deepEqual(plan(undefined, undefined), [])
})
