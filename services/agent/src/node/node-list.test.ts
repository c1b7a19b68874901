import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigurationError } from '@reckon/process'
import { nodeList } from './node-list.ts'

test('each node has its own password, in the order of the names', () => {
  assert.deepEqual(nodeList({ 'node-name': 'node-1,node-2', 'nats-password': 'a,b' }), [
    { name: 'node-1', password: 'a' },
    { name: 'node-2', password: 'b' },
  ])
})

test('a node without a password is refused', () => {
  assert.throws(() => nodeList({ 'node-name': 'node-1,node-2', 'nats-password': 'a' }), {
    constructor: ConfigurationError,
    message: '2 nodes, but 1 passwords (nats-password)',
  })
})
