import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredObject } from '@reckon/domain'
import type { Namespace } from '@reckon/kubernetes'
import { plan } from './plan.ts'

const namespace = (deletionTimestamp?: string): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  spec: {},
  metadata: { name: 'team', ...(deletionTimestamp && { deletionTimestamp }) },
})

const content = (name: string, deletionTimestamp?: string): StoredObject => {
  const cause = { id: 'e', correlationId: 'e' }
  const metadata = { name, namespace: 'team', ...(deletionTimestamp && { deletionTimestamp }) }
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata }
  return { object, revision: 0n, position: 1n, changes: 0, last: cause, intent: cause }
}

const dying = '2026-11-21T00:00:00Z'

test('a living namespace is left alone', () => {
  assert.deepEqual(plan(namespace(), [content('a')]), [])
})

test('a terminating namespace is emptied, and ends once it is empty', () => {
  const [a, b] = [content('a'), content('b', dying)]
  assert.deepEqual(plan(namespace(dying), [a, b]), [{ type: 'DeleteObject', content: a }])
  assert.deepEqual(plan(namespace(dying), [b]), [])
  assert.deepEqual(plan(namespace(dying), []), [{ type: 'FinalizeNamespace' }])
})

test('what was born in a namespace that is gone goes too', () => {
  const a = content('a')
  assert.deepEqual(plan(undefined, [a]), [{ type: 'DeleteObject', content: a }])
  assert.deepEqual(plan(undefined, []), [])
})
