import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backOffMs } from './back-off.ts'

test('rests double from the first one to the longest, and none is endless', () => {
  const rests = { minMs: 100, maxMs: 1_000 }
  const after = [0, 1, 2, 3, 4, 5, 10_000].map((failures) => backOffMs(failures, rests))
  assert.deepEqual(after, [0, 100, 200, 400, 800, 1_000, 1_000])
})
