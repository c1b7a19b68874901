import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { rejectionOf } from './admission.ts'

const pod = (requests: Record<string, string> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'i', resources: { requests } }] },
})
const allocatable = { cpu: '2', memory: '1Gi', pods: '2' }

test('a pod that fits beside the others is admitted', () => {
  assert.equal(rejectionOf(pod({ cpu: '1' }), [pod({ cpu: '1' })], allocatable), undefined)
})

test('what exceeds the node is refused by the name of the resource', () => {
  assert.deepEqual(rejectionOf(pod({ cpu: '1500m' }), [pod({ cpu: '1' })], allocatable), {
    reason: 'OutOfcpu',
    message:
      "Pod was rejected: Node didn't have enough resource: cpu, requested: 1500, used: 1000, capacity: 2000",
  })
  const heavy = rejectionOf(pod({ memory: '2Gi' }), [], allocatable)
  assert.equal(heavy?.reason, 'OutOfmemory')
  assert.equal(rejectionOf(pod(), [pod(), pod()], allocatable)?.reason, 'OutOfpods')
})

test('what the node does not have at all fits only whoever asks for none of it', () => {
  assert.equal(
    rejectionOf(pod({ 'example.com/gpu': '1' }), [], allocatable)?.reason,
    'OutOfexample.com/gpu',
  )
  assert.equal(rejectionOf(pod({ 'example.com/gpu': '0' }), [], allocatable), undefined)
})
