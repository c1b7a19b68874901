import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BackOff, backOffAfter, retryAtMs } from './back-off.ts'

test('the first repetition comes at once, then after 10 s, then twice as long each time, up to 5 minutes', () => {
  let backOff: BackOff | undefined
  let nowMs = 1_000_000
  const delays = Array.from({ length: 8 }, () => {
    const delayMs = retryAtMs(backOff, nowMs) - nowMs
    backOff = backOffAfter(backOff, nowMs)
    nowMs += delayMs + 1_000
    return delayMs / 1_000
  })
  assert.deepEqual(delays, [0, 10, 20, 40, 80, 160, 300, 300])
})

test('after ten quiet minutes it begins anew', () => {
  const backOff = { failures: 6, sinceMs: 0 }
  assert.equal(retryAtMs(backOff, 600_001), 600_001)
  assert.deepEqual(backOffAfter(backOff, 600_001), { failures: 1, sinceMs: 600_001 })
})
