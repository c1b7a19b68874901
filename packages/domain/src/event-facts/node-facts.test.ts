import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node } from '@reckon/kubernetes'
import { nodeFacts } from './node-facts.ts'

const node = (conditions: Record<string, string>): Node => ({
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, spec: {} },
  status: {
    conditions: Object.entries(conditions).map(([type, status]) => ({ type, status })),
  },
})
const told = (before: Node | undefined, after: Node) =>
  nodeFacts('NodeStatusChanged', after, before).map(
    ({ reason, message }) => `${reason}: ${message}`,
  )

test('a node tells when it runs out of something, and when that is over', () => {
  const [well, pressed] = [
    node({ MemoryPressure: 'False', DiskPressure: 'False' }),
    node({ MemoryPressure: 'False', DiskPressure: 'True' }),
  ]
  assert.deepEqual(told(well, pressed), [
    'NodeHasDiskPressure: Node node-1 status is now: NodeHasDiskPressure',
  ])
  assert.deepEqual(told(pressed, well), [
    'NodeHasNoDiskPressure: Node node-1 status is now: NodeHasNoDiskPressure',
  ])
  assert.deepEqual(told(pressed, pressed), [])
})

test('of what nobody knew, and of a node that is new, nothing is told', () => {
  const [unknown, well] = [node({ MemoryPressure: 'Unknown' }), node({ MemoryPressure: 'False' })]
  assert.deepEqual(told(unknown, well), [])
  assert.deepEqual(told(undefined, node({ MemoryPressure: 'True' })), [])
  assert.deepEqual(told(node({ MemoryPressure: 'True' }), unknown), [])
})

test('what its kubelet says comes from the node, what is said about it from the controller', () => {
  const sourceOf = (type: string) => nodeFacts(type, node({}), undefined)[0]?.source
  assert.deepEqual(sourceOf('NodeBecameReady'), { component: 'kubelet', host: 'node-1' })
  assert.deepEqual(sourceOf('NodeBecameUnreachable'), { component: 'node-controller' })
})
