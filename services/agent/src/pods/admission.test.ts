import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node, Pod } from '@reckon/kubernetes'
import { rejectionOf } from './admission.ts'

const pod = (requests: Record<string, string> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'i', resources: { requests } }] },
})
const node: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1', labels: { disk: 'ssd' } },
  spec: {},
  status: { allocatable: { cpu: '2', memory: '1Gi', pods: '2' } },
}

test('a pod that fits beside the others is admitted', () => {
  assert.equal(rejectionOf(pod({ cpu: '1' }), [pod({ cpu: '1' })], node), undefined)
})

test('what exceeds the node is refused by the name of the resource', () => {
  assert.deepEqual(rejectionOf(pod({ cpu: '1500m' }), [pod({ cpu: '1' })], node), {
    reason: 'OutOfcpu',
    message:
      "Pod was rejected: Node didn't have enough resource: cpu, requested: 1500, used: 1000, capacity: 2000",
  })
  const heavy = rejectionOf(pod({ memory: '2Gi' }), [], node)
  assert.equal(heavy?.reason, 'OutOfmemory')
  assert.equal(rejectionOf(pod(), [pod(), pod()], node)?.reason, 'OutOfpods')
})

test('what the node does not have at all fits only whoever asks for none of it', () => {
  assert.equal(
    rejectionOf(pod({ 'example.com/gpu': '1' }), [], node)?.reason,
    'OutOfexample.com/gpu',
  )
  assert.equal(rejectionOf(pod({ 'example.com/gpu': '0' }), [], node), undefined)
})

const withSpec = (spec: object): Pod => ({ ...pod(), spec: { ...pod().spec, ...spec } })

test('a pod that wants another node than it was given is refused', () => {
  assert.equal(rejectionOf(withSpec({ nodeSelector: { disk: 'ssd' } }), [], node), undefined)
  assert.deepEqual(rejectionOf(withSpec({ nodeSelector: { disk: 'hdd' } }), [], node), {
    reason: 'NodeAffinity',
    message:
      "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  })
  const matchExpressions = [{ key: 'disk', operator: 'NotIn', values: ['ssd'] }]
  const required = { nodeSelectorTerms: [{ matchExpressions }] }
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: required }
  assert.equal(
    rejectionOf(withSpec({ affinity: { nodeAffinity } }), [], node)?.reason,
    'NodeAffinity',
  )
})

test('a port of the machine that another pod of the node has is refused', () => {
  const taking = (hostPort: number) =>
    withSpec({ containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort }] }] })
  assert.equal(rejectionOf(taking(8080), [taking(8081)], node), undefined)
  assert.deepEqual(rejectionOf(taking(8080), [taking(8080)], node), {
    reason: 'NodePorts',
    message:
      "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  })
})
