import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { podMetricsOf } from './shown-usage.ts'

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', uid: 'u' },
  spec: { containers: [{ name: 'c', image: 'i' }], initContainers: [{ name: 'side', image: 'i' }] },
}

test('of a pod the containers that its spec names are shown, each once, whatever its node tells', () => {
  const told = ['c', 'other', 'side', 'c'].map((name, index) => ({
    ...{ name, cpuNanocores: index, memoryBytes: 1024 },
  }))
  const pods = new Map([['u', { uid: 'u', windowMs: 86_400_000, containers: told }]])
  const shown = podMetricsOf(pod, { heardAtMs: 0, node: undefined, pods })
  assert.equal(shown?.window, '86400s')
  assert.deepEqual(shown.containers, [
    { name: 'side', usage: { cpu: '2n', memory: '1Ki' } },
    { name: 'c', usage: { cpu: '3n', memory: '1Ki' } },
  ])
})
