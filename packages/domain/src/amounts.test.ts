import assert from 'node:assert/strict'
import { test } from 'node:test'
import { podRequestsOf } from './amounts.ts'

test('a pod asks for what its containers ask for together, or one that runs before them alone', () => {
  const asking = (cpu: string, memory: string) => ({
    ...{ name: 'c', image: 'i', resources: { requests: { cpu, memory } } },
  })
  const spec = {
    containers: [asking('1', '1Gi'), asking('1', '1Gi')],
    initContainers: [asking('3', '1Gi')],
    overhead: { cpu: '100m' },
  }
  assert.deepEqual(podRequestsOf(spec), { cpu: '3100m', memory: '2Gi' })
})
