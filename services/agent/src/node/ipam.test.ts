import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextAddress } from './ipam.ts'

test('addresses are given in turn, without those of the network, the gateway and the broadcast', () => {
  assert.equal(nextAddress('10.244.1.0/24', new Set(), undefined), '10.244.1.2')
  assert.equal(nextAddress('10.244.1.0/24', new Set(['10.244.1.4']), '10.244.1.3'), '10.244.1.5')
  assert.equal(nextAddress('10.244.1.0/24', new Set(), '10.244.1.254'), '10.244.1.2')
})

test('an address that was given back is not the next', () => {
  assert.equal(nextAddress('10.244.1.0/24', new Set(), '10.244.1.2'), '10.244.1.3')
})

test('a full node has none', () => {
  assert.equal(nextAddress('10.0.0.0/30', new Set(['10.0.0.2']), '10.0.0.2'), undefined)
})
