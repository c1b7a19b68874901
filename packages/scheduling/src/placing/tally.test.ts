import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Tally } from './tally.ts'

test('the top is the highest score that somebody has, in whichever order they come and go', () => {
  const tally = new Tally(10)
  const tops = [tally.top]
  const then = (change: () => void) => {
    change()
    tops.push(tally.top)
  }
  then(() => tally.add(3))
  then(() => tally.add(7))
  then(() => tally.add(5))
  then(() => tally.remove(7))
  then(() => tally.add(5))
  then(() => tally.remove(5))
  then(() => tally.remove(5))
  then(() => tally.remove(3))
  assert.deepEqual(tops, [-1, 3, 7, 7, 5, 5, 5, 3, -1])
  assert.deepEqual([tally.size, tally.at(3), tally.at(99)], [0, 0, 0])
})
