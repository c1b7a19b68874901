import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type KubernetesObject, namespaces, nodes, pods, type Resource } from '@reckon/kubernetes'
import type { StoredObject } from '../stored-object.ts'
import type { Write } from './admission.ts'
import { namespaceLifecycle } from './namespace-lifecycle.ts'

const namespace = (metadata: object) => ({
  get: <T extends KubernetesObject>(resource: Resource<T>, _: string, name: string) =>
    resource.kind === namespaces.kind && name === 'team'
      ? ({ object: { kind: 'Namespace', metadata } } as unknown as StoredObject<T>)
      : undefined,
  list: () => [],
  rulesOf: () => [],
})
const living = namespace({ name: 'team' })
const terminating = namespace({ name: 'team', deletionTimestamp: '2026-01-01T00:00:00Z' })
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
