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

test('no bar begins long before the log, and none grows with each second', () => {
  const lengthMs = (logMs: number, name = 'all') => {
    const { fromMs, toMs } = spanOf(name, { nowMs, firstMs: nowMs - logMs, moments: [] })
    return toMs - fromMs
  }
  assert.equal(lengthMs(0), 60_000)
  assert.equal(lengthMs(60_000), 60_000)
  const lengths = Array.from({ length: 600 }, (_, second) => lengthMs((second + 60) * 1_000))
  for (const [second, ms] of lengths.entries()) {
    assert.ok(ms >= (second + 60) * 1_000 && ms <= (second + 60) * 1_101, `${second}: ${ms}`)
  }
  assert.equal(new Set(lengths).size, 27)
  assert.equal(lengthMs(120_000, '1d'), lengthMs(120_000))
})

test('a moment from before the bar moves it there', () => {
  const thenMs = nowMs - 7_200_000
  const { fromMs, toMs } = spanOf('1h', { nowMs, firstMs: 0, moments: [thenMs] })
  assert.ok(fromMs < thenMs && toMs > thenMs)
  assert.equal(toMs - fromMs, 3_600_000)
})
