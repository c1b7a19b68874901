import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Addresses } from './addresses.ts'

const podCidr = '10.244.0.0/24'

test('a pod keeps its address until it is released, and no other has it', () => {
  const addresses = new Addresses()
  const own = addresses.allot('a', podCidr)
  assert.ok(own)
  assert.equal(addresses.allot('a', podCidr), own)
  assert.notEqual(addresses.allot('b', podCidr), own)
  addresses.release('a')
  assert.equal(addresses.of('a'), undefined)
})

test('the address of a sandbox that comes late is not adopted once another pod has it', () => {
  const addresses = new Addresses()
  const given = addresses.allot('b', podCidr) ?? ''
  addresses.adopt('a', given)
  assert.equal(addresses.of('a'), undefined)
  assert.equal(addresses.of('b'), given)
  assert.notEqual(addresses.allot('a', podCidr), given)
})

test('an adopted address is not given to another pod', () => {
  const addresses = new Addresses()
  addresses.adopt('a', '10.244.0.2')
  addresses.adopt('a', '10.244.0.2')
  assert.equal(addresses.of('a'), '10.244.0.2')
  assert.notEqual(addresses.allot('b', podCidr), '10.244.0.2')
})
