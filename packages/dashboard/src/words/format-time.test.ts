import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatFullTime, formatTime } from './format-time.ts'

const utc = { language: 'en-GB', isUtc: true }
const noon = Date.UTC(2026, 0, 2, 12, 5, 9)

test('today a time stands alone, another day with its date', () => {
  assert.equal(formatTime(noon, noon + 1_000, utc), '12:05:09')
  assert.equal(formatTime(noon, noon + 86_400_000, utc), '2 Jan, 12:05:09')
})

test('a whole time names its zone', () => {
  assert.match(formatFullTime(noon, utc), /2026.*12:05:09 UTC/)
})
