import assert from 'node:assert/strict'
import { test } from 'node:test'
import { untilFullSecondMs } from './until-full-second.ts'

test('senders that started at different moments send together, once a second', () => {
  for (const startedAtMs of [1_700_000_000_000, 1_700_000_000_001, 1_700_000_000_499]) {
    assert.equal(startedAtMs + untilFullSecondMs(startedAtMs), 1_700_000_001_000)
  }
  assert.equal(1_700_000_000_500 + untilFullSecondMs(1_700_000_000_500), 1_700_000_002_000)
})

test('those that send every ten seconds send together as well', () => {
  for (const startedAtMs of [1_700_000_000_000, 1_700_000_004_999]) {
    assert.equal(startedAtMs + untilFullSecondMs(startedAtMs, 10), 1_700_000_010_000)
  }
})

test('a timer that ends a moment too early, or too late, neither repeats a message nor leaves one out', () => {
  assert.deepEqual(
    [999, 1_000, 1_001].map((nowMs) => untilFullSecondMs(nowMs)),
    [1_001, 1_000, 999],
  )
})
