import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bisect } from './bisect.ts'

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
