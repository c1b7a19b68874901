import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node } from '@reckon/kubernetes'
import { capacityOf } from './node-capacity.ts'

const facts = {
  cpus: 4,
  memoryBytes: 8 * 2 ** 30,
  diskBytes: 100 * 2 ** 30,
  kernelVersion: '',
  osImage: '',
  architecture: '',
  containerRuntimeVersion: '',
}

test('a node has its disk and its huge pages, and keeps a tenth of the one for itself', () => {
  const { capacity, allocatable } = capacityOf(facts, { 'hugepages-2Mi': 2 ** 30 }, undefined)
  const shared = { cpu: '4', pods: '110', 'hugepages-2Mi': '1024Mi' }
  const [memory, disk] = [`${8 * 2 ** 20}Ki`, `${100 * 2 ** 20}Ki`]
  assert.deepEqual(capacity, { ...shared, memory, 'ephemeral-storage': disk })
  const left = { memory: `${7 * 2 ** 20}Ki`, 'ephemeral-storage': `${90 * 2 ** 20}Ki` }
  assert.deepEqual(allocatable, { ...shared, ...left })
})

test('what somebody else has said that the node has, it has', () => {
  const recorded: Node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'a' },
    spec: {},
    status: { capacity: { cpu: '1', 'example.com/gpu': '2' } },
  }
  const { capacity, allocatable } = capacityOf(facts, {}, recorded)
  assert.deepEqual([capacity.cpu, capacity['example.com/gpu']], ['4', '2'])
  assert.equal(allocatable['example.com/gpu'], '2')
})
