import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freeAddress } from './address-pool.ts'

/** Draws this number, and tells of how many it was to draw. */
const drawing = (number: number) => {
  const limits: number[] = []
  const below = (limit: number) => {
    limits.push(limit)
    return number
  }
  return { limits, ids: { next: () => '', below } }
}
const none = () => false

test('the first sixteen and the broadcast address are kept back', () => {
  const { limits, ids } = drawing(0)
  assert.equal(freeAddress('10.96.0.0/24', none, ids), '10.96.0.16')
  assert.deepEqual(limits, [256 - 16 - 1])
})

test('of a small range a quarter is kept back', () => {
  const { limits, ids } = drawing(0)
  assert.equal(freeAddress('10.96.0.0/28', none, ids), '10.96.0.4')
  assert.deepEqual(limits, [16 - 4 - 1])
})

test('from the last address on it begins again at the first', () => {
  const isTaken = (address: string) => address === '10.96.0.254'
  assert.equal(freeAddress('10.96.0.0/24', none, drawing(238).ids), '10.96.0.254')
  assert.equal(freeAddress('10.96.0.0/24', isTaken, drawing(238).ids), '10.96.0.16')
})

test('the one address that is free is found from anywhere, and none where none is', () => {
  for (const start of [0, 5, 10]) {
    const isTaken = (address: string) => address !== '10.96.0.9'
    assert.equal(freeAddress('10.96.0.0/28', isTaken, drawing(start).ids), '10.96.0.9')
  }
  assert.throws(() => freeAddress('10.96.0.0/28', () => true, drawing(0).ids), {
    reason: 'InternalError',
  })
})
