import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigurationError } from '@reckon/process'
import { nodeList } from './node-list.ts'

test('each node has its own password and addresses, in the order of the names', () => {
  const values = {
    'node-name': 'node-1,node-2',
    'nats-password': 'a,b',
    'pod-cidr': '10.244.1.0/24,10.244.2.0/24',
  }
  assert.deepEqual(nodeList(values), [
    { name: 'node-1', password: 'a', podCidr: '10.244.1.0/24' },
    { name: 'node-2', password: 'b', podCidr: '10.244.2.0/24' },
  ])
})

test('a node without a password or addresses is refused by the name of what is missing', () => {
  const values = { 'node-name': 'node-1,node-2', 'nats-password': 'a', 'pod-cidr': 'x,y' }
  assert.throws(() => nodeList(values), {
    constructor: ConfigurationError,
    message: '2 nodes, but 1 passwords (nats-password)',
  })
})
