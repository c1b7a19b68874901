import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ageOf } from './age.ts'

test('an age reads as in kubectl', () => {
  const cases: readonly (readonly [number, string])[] = [
    [-5, '<invalid>'],
    [-1, '0s'],
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [200, '3m20s'],
    [600, '10m'],
    [10_799, '179m'],
    [10_800, '3h'],
    [11_460, '3h11m'],
    [28_800, '8h'],
    [172_800, '2d'],
    [187_200, '2d4h'],
    [86_400 * 9, '9d'],
    [86_400 * 365 * 2, '2y'],
    [86_400 * 365 * 9, '9y'],
  ]
  for (const [seconds, text] of cases) assert.equal(ageOf(seconds * 1_000), text)
  assert.equal(ageOf(Number.NaN), '<invalid>')
})
