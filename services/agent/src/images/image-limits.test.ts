import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imageLimitsOf } from './image-limits.ts'

const limits = (high: string, low: string) =>
  imageLimitsOf({ 'image-gc-high-threshold': high, 'image-gc-low-threshold': low })

test('images go above one share of the disk, down to a lower one', () => {
  assert.deepEqual(limits('85', '80'), { highShare: 0.85, lowShare: 0.8 })
  for (const [high, low] of [
    ['80', '85'],
    ['101', '80'],
    ['much', '80'],
  ] as const) {
    assert.throws(() => limits(high, low), /images cannot be removed/)
  }
})
