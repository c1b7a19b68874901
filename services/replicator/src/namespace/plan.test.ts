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

const dyingMs = Date.parse(dying)
const stepsOf = (of: Namespace | undefined, contents: StoredObject[]) =>
  plan(of, contents, dyingMs + 1_000).steps

test('a living namespace is left alone', () => {
  assert.deepEqual(stepsOf(namespace(), [content('a')]), [])
})

test('a terminating namespace is emptied, and ends once it is empty', () => {
  const [a, b] = [content('a'), content('b', dying)]
  assert.deepEqual(stepsOf(namespace(dying), [a, b]), [{ type: 'DeleteObject', content: a }])
  assert.deepEqual(stepsOf(namespace(dying), [b]), [])
  assert.deepEqual(stepsOf(namespace(dying), []), [{ type: 'FinalizeNamespace' }])
})

test('what was born in a namespace that is gone goes too', () => {
  const a = content('a')
  assert.deepEqual(stepsOf(undefined, [a]), [{ type: 'DeleteObject', content: a }])
  assert.deepEqual(stepsOf(undefined, []), [])
})

test('one that does not end within seconds says what is left and what holds it', () => {
  const held = content('a', dying)
  held.object.metadata.finalizers = ['team.example/hold']
  assert.deepEqual(plan(namespace(dying), [held], dyingMs), {
    steps: [],
    againAtMs: dyingMs + 5_000,
  })
  const [step] = plan(namespace(dying), [held, content('b', dying)], dyingMs + 5_000).steps
  assert.ok(step?.type === 'SetStatus')
  const { conditions = [] } = step.status as NonNullable<Namespace['status']>
  const said = conditions.filter(({ status }) => status === 'True')
  assert.deepEqual(
    said.map(({ type, reason, message }) => [type, reason, message]),
    [
      [
        'NamespaceContentRemaining',
        'SomeResourcesRemain',
        'Some resources are remaining: configmaps. has 2 resource instances',
      ],
      [
        'NamespaceFinalizersRemaining',
        'SomeFinalizersRemain',
        'Some content in the namespace has finalizers remaining: team.example/hold in 1 resource instances',
      ],
    ],
  )
  const told = { ...namespace(dying), status: { conditions } }
  const later = plan(told, [held, content('b', dying)], dyingMs + 9_000)
  assert.deepEqual(later, { steps: [] })
})
