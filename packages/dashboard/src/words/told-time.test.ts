import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toldTime, toldTimeWhole } from './told-time.ts'

const utc = { language: 'en-GB', isUtc: true }
const noon = Date.UTC(2026, 0, 2, 12, 5, 9)

test('today a time stands alone, another day with its date', () => {
  assert.equal(toldTime(noon, noon + 1_000, utc), '12:05:09')
  assert.equal(toldTime(noon, noon + 86_400_000, utc), '2 Jan, 12:05:09')
})

test('a whole time names its zone', () => {
  assert.match(toldTimeWhole(noon, utc), /2026.*12:05:09 UTC/)
})
