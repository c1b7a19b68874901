import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppliedPositions } from './applied-positions.ts'

test('the lowest position is that of the live proxies, whatever the others had', () => {
  const applied = new AppliedPositions()
  assert.equal(applied.lowest(), undefined)
  applied.hear('a', 5n, 0)
  applied.hear('b', 7n, 1_000)
  assert.equal(applied.lowest(), 5n)
  applied.hear('a', 9n, 1_000)
  assert.equal(applied.lowest(), 7n)
  applied.hear('a', 9n, 4_000)
  applied.expire(4_001)
  assert.equal(applied.lowest(), 9n)
  applied.expire(7_001)
  assert.equal(applied.lowest(), undefined)
})

test('a proxy that starts anew with less is waited for again', () => {
  const applied = new AppliedPositions()
  applied.hear('a', 9n, 0)
  applied.hear('a', 2n, 1)
  assert.equal(applied.lowest(), 2n)
})
