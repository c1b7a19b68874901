import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pods } from '@reckon/kubernetes'
import { having } from './others.fixture.ts'
import { runtimeClass } from './runtime-class.ts'

const pod = (runtimeClassName?: string) => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'team' } },
  spec: { containers: [], ...(runtimeClassName && { runtimeClassName }) },
})

test('a pod that names a RuntimeClass finds it, or is refused', () => {
  runtimeClass.admit({ resource: pods, object: pod() }, having())
  assert.throws(() => runtimeClass.admit({ resource: pods, object: pod('gvisor') }, having()), {
    reason: 'Forbidden',
    message: 'pods "web" is forbidden: pod rejected: RuntimeClass "gvisor" not found',
  })
})

test('one that is there already may be changed', () =>
  runtimeClass.admit({ resource: pods, object: pod('gvisor'), before: pod('gvisor') }, having()))
