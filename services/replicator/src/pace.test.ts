import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pace } from './pace.ts'

/** How often a key of so many objects is looked at within so many milliseconds, if it always may be. */
function looksIn(ms: number, objects: number): number {
  const pace = new Pace()
  let looks = 0
  for (let nowMs = 0; nowMs < ms; looks++) {
    nowMs = Math.max(nowMs + 1, pace.next('k', { objects, nowMs }))
  }
  return looks
}

test('few objects are looked at anew for each change', () => {
  assert.equal(looksIn(1000, 200), 1000)
})

test('many are looked at one by one at first, then together after a rest that grows with them, up to a second', () => {
  const pace = new Pace()
  const moments = Array.from({ length: 22 }, () => pace.next('k', { objects: 5000, nowMs: 0 }))
  assert.deepEqual(moments, [...Array(20).fill(0), 100, 200])
  assert.equal(pace.next('other', { objects: 5000, nowMs: 0 }), 0)
  assert.equal(pace.next('k', { objects: 5000, nowMs: 10_000 }), 10_000)
  assert.ok(looksIn(60_000, 5000) < 640)
  assert.ok(looksIn(60_000, 100_000) < 65)
})
