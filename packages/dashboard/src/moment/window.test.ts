import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spanOf } from './window.ts'

const nowMs = 100 * 86_400_000

test('a bar ends now, and is as long as it is called', () => {
  assert.deepEqual(spanOf('1h', { nowMs, firstMs: 0, moments: [] }), {
    fromMs: nowMs - 3_600_000,
    toMs: nowMs,
  })
})

test('no bar begins long before the log', () => {
  assert.equal(
    spanOf('1d', { nowMs, firstMs: nowMs - 120_000, moments: [] }).fromMs,
    nowMs - 120_000 * 1.02,
  )
  assert.equal(spanOf('all', { nowMs, firstMs: nowMs, moments: [] }).fromMs, nowMs - 60_000 * 1.02)
})

test('a moment from before the bar moves it there', () => {
  const thenMs = nowMs - 7_200_000
  const { fromMs, toMs } = spanOf('1h', { nowMs, firstMs: 0, moments: [thenMs] })
  assert.ok(fromMs < thenMs && toMs > thenMs)
  assert.equal(toMs - fromMs, 3_600_000)
})
