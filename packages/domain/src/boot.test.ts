import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ageOfBoot, bootNumberAt, isLater } from './boot.ts'

test('a start of an agent is new until its id is recorded, and old once another one is', () => {
  assert.equal(ageOfBoot(undefined, { bootId: 'a' }), 'New')
  const recorded = { id: 'a', number: 7 }
  assert.equal(ageOfBoot(recorded, { bootId: 'a' }), 'Same')
  assert.equal(ageOfBoot(recorded, { bootId: 'a', boot: 7 }), 'Same')
  assert.equal(ageOfBoot(recorded, { bootId: 'b' }), 'New')
  assert.equal(ageOfBoot(recorded, { bootId: 'b', boot: 3 }), 'Old')
  assert.equal(ageOfBoot(recorded, { bootId: 'b', boot: 8 }), 'New')
})

test('boots are counted from one', () => {
  assert.equal(bootNumberAt(0n), 1)
  assert.equal(bootNumberAt(41n), 42)
})

test('reports are ordered by the numbers of boot and report', () => {
  const last = { boot: 2, number: 5 }
  assert.ok(isLater({ boot: 2, number: 6 }, last))
  assert.ok(!isLater({ boot: 2, number: 5 }, last))
  assert.ok(isLater({ boot: 3, number: 1 }, last))
  assert.ok(!isLater({ boot: 1, number: 9 }, last))
  assert.ok(isLater({ boot: 1, number: 1 }, undefined))
})

test('a counted boot comes after every one that was named after a clock', () => {
  const farFuture = { bootId: '999999999999999-x', number: 1_000 }
  assert.ok(isLater({ boot: 1, number: 1 }, farFuture))
})
