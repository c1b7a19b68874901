import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredObject } from '@reckon/domain'
import type { CustomResourceDefinition } from '@reckon/kubernetes'
import { plan } from './plan.ts'

const definition = (deletionTimestamp?: string): CustomResourceDefinition => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: 'widgets.example.org',
    finalizers: ['customresourcecleanup.apiextensions.k8s.io'],
    ...(deletionTimestamp && { deletionTimestamp }),
  },
  spec: {
    group: 'example.org',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [],
  },
})

const widget = (name: string, deletionTimestamp?: string): StoredObject => {
  const cause = { id: 'e', correlationId: 'e' }
  const metadata = { name, namespace: 'team', ...(deletionTimestamp && { deletionTimestamp }) }
  const object = { apiVersion: 'example.org/v1', kind: 'Widget', metadata }
  return { object, revision: 0n, position: 1n, changes: 0, last: cause, intent: cause }
}

const dying = '2026-11-21T00:00:00Z'

test('a definition that stays is left alone', () => {
  assert.deepEqual(plan(definition(), [widget('a')]), [])
})

test('a definition that goes takes its objects along, and goes once none is left', () => {
  const [a, b] = [widget('a'), widget('b', dying)]
  assert.deepEqual(plan(definition(dying), [a, b]), [{ type: 'DeleteObject', content: a }])
  assert.deepEqual(plan(definition(dying), [b]), [])
  assert.deepEqual(plan(definition(dying), []), [{ type: 'RemoveFinalizer' }])
})
