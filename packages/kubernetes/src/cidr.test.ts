import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressText, cidrProblem, firstAddress, isInCidr, parseCidr } from './cidr.ts'

test('a range begins at its own address, whichever of its addresses names it', () => {
  assert.deepEqual(parseCidr('10.244.1.7/24'), parseCidr('10.244.1.0/24'))
  assert.equal(addressText(parseCidr('10.244.1.7/24').first), '10.244.1.0')
  assert.equal(parseCidr('10.96.0.0/12').size, 2 ** 20)
  assert.equal(firstAddress('10.96.0.0/12'), '10.96.0.1')
})

test('an address lies in a range up to its last one, also above 128.0.0.0', () => {
  assert.ok(isInCidr('10.247.255.255', '10.244.0.0/14'))
  assert.ok(!isInCidr('10.248.0.0', '10.244.0.0/14'))
  assert.ok(isInCidr('203.0.113.9', '203.0.113.0/24'))
  assert.ok(isInCidr('1.2.3.4', '0.0.0.0/0'))
})

test('what is no IPv4 range is refused', () => {
  for (const wrong of ['', '10.0.0.0', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/8/8', '::/0', 'a/8']) {
    assert.match(cidrProblem(wrong), /valid IPv4 CIDR/, wrong)
    assert.throws(() => parseCidr(wrong))
  }
})
