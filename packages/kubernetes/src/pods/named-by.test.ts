import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namedBy } from './named-by.ts'

test('what containers of any kind name is named by their pod', () => {
  const from = (name: string) => [{ configMapRef: { name } }]
  const spec = {
    initContainers: [{ name: 'i', envFrom: from('of-init') }],
    containers: [{ name: 'c', envFrom: from('of-app') }],
    ephemeralContainers: [{ name: 'e', envFrom: from('of-debug') }],
  }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'n' }, spec }
  assert.deepEqual(namedBy(pod), [
    'configmaps n/of-init',
    'configmaps n/of-app',
    'configmaps n/of-debug',
  ])
})
