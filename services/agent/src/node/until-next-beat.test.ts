import assert from 'node:assert/strict'
import { test } from 'node:test'
import { untilNextBeatMs } from './until-next-beat.ts'

test('agents that started at different moments send their heartbeats together, once a second', () => {
  for (const startedAtMs of [1_700_000_000_000, 1_700_000_000_001, 1_700_000_000_499]) {
    assert.equal(startedAtMs + untilNextBeatMs(startedAtMs), 1_700_000_001_000)
  }
  assert.equal(1_700_000_000_500 + untilNextBeatMs(1_700_000_000_500), 1_700_000_002_000)
})

test('a timer that ends a moment too early, or too late, neither repeats a heartbeat nor leaves one out', () => {
  assert.deepEqual([999, 1_000, 1_001].map(untilNextBeatMs), [1_001, 1_000, 999])
})
