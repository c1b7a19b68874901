import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeNameFrom } from './node-name.ts'

test('a node is named with its kind or without', () => {
  for (const text of ['node-2', 'node/node-2', 'nodes/node-2', 'no/node-2', 'Node/node-2']) {
    assert.equal(nodeNameFrom(text), 'node-2')
  }
})

test('what names no node is refused, saying how one is named', () => {
  for (const text of ['pod/web', 'node/', '', '/', 'node/a/b']) {
    assert.throws(() => nodeNameFrom(text), /names no node; name one as in node\/node-2/)
  }
})
