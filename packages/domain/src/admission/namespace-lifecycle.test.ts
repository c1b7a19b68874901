import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type KubernetesObject, nodes, pods } from '@reckon/kubernetes'
import type { Write } from './admission.ts'
import { namespaceLifecycle } from './namespace-lifecycle.ts'
import { having } from './others.fixture.ts'

const namespace = (metadata: object = {}) => ({
  ...{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team', ...metadata } },
})
const living = having([namespace()])
const terminating = having([namespace({ deletionTimestamp: '2026-01-01T00:00:00Z' })])
const pod: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'team' },
}
const admit = (write: Partial<Write>, others = living) =>
  namespaceLifecycle.admit({ resource: pods, object: pod, ...write }, others)

test('an object is created in a namespace that lives', () => admit({}))

test('nothing is created in a namespace that is not there', () => {
  const object = { ...pod, metadata: { name: 'web', namespace: 'nowhere' } }
  assert.throws(() => admit({ object }), { reason: 'NotFound', message: /"nowhere" not found/ })
})

test('nothing is created in a namespace that terminates, and what is there may change', () => {
  assert.throws(() => admit({}, terminating), {
    reason: 'Forbidden',
    message: /namespace team because it is being terminated/,
    details: {
      ...{ name: 'web', kind: 'pods' },
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: 'namespace team is being terminated',
          field: 'metadata.namespace',
        },
      ],
    },
  })
  admit({ before: pod }, terminating)
})

test('what lives in no namespace asks for none', () =>
  admit({ resource: nodes, object: { ...pod, kind: 'Node', metadata: { name: 'n' } } }))
