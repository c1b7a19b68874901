import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node } from '@reckon/kubernetes'
import { isSamePlace, placeOf } from './node-place.ts'

const node = (over: Partial<Node> = {}): Node => ({
  ...{ apiVersion: 'v1', kind: 'Node' },
  metadata: { name: 'a', uid: 'u', resourceVersion: '7', labels: { zone: 'x' } },
  spec: { podCIDR: '10.244.1.0/24', unschedulable: true },
  status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }], capacity: { cpu: '2' } },
  ...over,
})

test('of a Node all are told its range and its addresses, and nothing else', () => {
  assert.deepEqual(placeOf(node()), {
    ...{ apiVersion: 'v1', kind: 'Node' },
    metadata: { name: 'a', uid: 'u', resourceVersion: '7' },
    spec: { podCIDR: '10.244.1.0/24' },
    status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
  })
})

test('it is another place with another range, address or Node, and with nothing else', () => {
  const [metadata, spec] = [{ name: 'a', uid: 'u', resourceVersion: '8' }, node().spec]
  assert.ok(isSamePlace(node(), node({ metadata, status: { ...node().status, capacity: {} } })))
  assert.ok(!isSamePlace(node(), node({ spec: { ...spec, podCIDR: '10.244.2.0/24' } })))
  assert.ok(!isSamePlace(node(), node({ status: {} })))
  assert.ok(!isSamePlace(node(), node({ metadata: { name: 'a', uid: 'v' } })))
})
