import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects } from '@reckon/domain'
import { nodes, pods, type Resource } from '@reckon/kubernetes'
import { ownNode } from './own-node.ts'

const view = new Objects()
const w1 = { name: 'system:node:w1', groups: ['system:nodes', 'system:authenticated'] }
const decide = (verb: string, resource: Resource, name: string, user = w1) =>
  ownNode({ user, verb, resource, name }, view)

test('a node may look at its own Node and end it, and nothing else', () => {
  assert.equal(decide('get', nodes, 'w1'), 'allowed')
  assert.equal(decide('delete', nodes, 'w1'), 'allowed')
  assert.equal(decide('update', nodes, 'w1'), 'no opinion')
  assert.equal(decide('delete', nodes, 'w2'), 'no opinion')
  assert.equal(decide('delete', pods, 'w1'), 'no opinion')
  assert.equal(decide('delete', nodes, 'w1', { ...w1, groups: [] }), 'no opinion')
})
