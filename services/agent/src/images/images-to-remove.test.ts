import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imagesToRemove } from './images-to-remove.ts'

const nowMs = 1_000_000
const limits = { highShare: 0.85, lowShare: 0.8, nowMs }
const unused = [
  { name: 'young', bytes: 50, usedAtMs: nowMs - 1_000 },
  { name: 'recent', bytes: 40, usedAtMs: nowMs - 200_000 },
  { name: 'old', bytes: 30, usedAtMs: nowMs - 400_000 },
  { name: 'older', bytes: 30, usedAtMs: nowMs - 500_000 },
]
const removed = (availableBytes: number) =>
  imagesToRemove(unused, { capacityBytes: 1_000, availableBytes }, limits).map(({ name }) => name)

test('below the upper bound all images stay', () => {
  assert.deepEqual(removed(151), [])
})

test('above it those go that nobody has used for longest, until the lower bound is reached', () => {
  assert.deepEqual(removed(150), ['older', 'old'])
  assert.deepEqual(removed(120), ['older', 'old', 'recent'])
})

test('an image that was just asked for stays, however full the disk is', () => {
  assert.deepEqual(removed(0), ['older', 'old', 'recent'])
})
