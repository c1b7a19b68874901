import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bisect, hasPassed, proveEnds } from './bisect.ts'

test('the first bad one of a thousand is found in at most eleven checks, wherever it is', async () => {
  const items = Array.from({ length: 1000 }, (_, n) => n)
  for (const bad of [0, 1, 499, 500, 998, 999]) {
    let checks = 0
    const found = await bisect(items, async (item) => {
      checks += 1
      return item < bad
    })
    assert.equal(found, bad)
    assert.ok(checks <= 11, `${checks}`)
  }
  assert.equal(await bisect([], async () => true), undefined)
})

test('a check that tells both ends alike, or the wrong way round, finds nothing', async () => {
  const ends = { good: 1, bad: 9 }
  await proveEnds(ends, async (item) => item < 5)
  await assert.rejects(
    proveEnds(ends, async () => true),
    /passes at the bad end/,
  )
  await assert.rejects(
    proveEnds(ends, async () => false),
    /fails at the good end/,
  )
})

test('a check that cannot be run, or is ended, neither passes nor fails', () => {
  assert.deepEqual([0, 1, 125].map(hasPassed), [true, false, false])
  for (const exit of [126, 127]) assert.throws(() => hasPassed(exit), /cannot be run/)
  assert.throws(() => hasPassed(130), /ended by a signal/)
})
