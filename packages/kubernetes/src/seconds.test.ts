import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secondsOf } from './seconds.ts'

test('a time has whole seconds, the part of one that has begun left out', () => {
  assert.equal(secondsOf(Date.parse('2026-11-26T08:00:01.999Z')), '2026-11-26T08:00:01Z')
})

test('a time is one that RFC 3339 can say, however far off the moment is', () => {
  const now = Date.parse('2026-11-26T08:00:00Z')
  for (const seconds of [300_000_000_000, 9_000_000_000_000, Number.MAX_SAFE_INTEGER]) {
    assert.equal(secondsOf(now + seconds * 1000), '9999-12-31T23:59:59Z')
    assert.equal(secondsOf(now - seconds * 1000), '0001-01-01T00:00:00Z')
  }
  assert.equal(secondsOf(Number.POSITIVE_INFINITY), '9999-12-31T23:59:59Z')
})
