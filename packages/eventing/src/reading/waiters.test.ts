import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryClock } from '../memory/index.ts'
import { Waiters } from './waiters.ts'

/** Waiters, and how each wait ended, in the order in which they did. */
function told() {
  const clock = createMemoryClock()
  const waiters = new Waiters(clock)
  const ended: string[] = []
  const wait = (position: bigint, timeoutMs: number) =>
    waiters.wait(position, timeoutMs).then((inTime) => {
      ended.push(`${position} ${inTime ? 'reached' : 'late'}`)
    })
  return { clock, waiters, ended, wait }
}

test('who waits goes on once the position is reached, whoever came first', async () => {
  const { waiters, ended, wait } = told()
  const waits = [5n, 3n, 4n, 3n].map((position) => wait(position, 1000))
  waiters.reached(2n)
  await Promise.resolve()
  assert.deepEqual(ended, [])
  waiters.reached(4n)
  await Promise.all(waits.slice(1))
  assert.deepEqual(ended, ['3 reached', '3 reached', '4 reached'])
  waiters.reached(9n)
  await Promise.all(waits)
})

test('each wait that is in vain ends at its own moment, and only once', async () => {
  const { clock, waiters, ended, wait } = told()
  const waits = [wait(1n, 300), wait(2n, 100), wait(3n, 200)]
  await clock.advance(100)
  assert.deepEqual(ended, ['2 late'])
  waiters.reached(1n)
  await clock.advance(99)
  assert.deepEqual(ended, ['2 late', '1 reached'])
  await clock.advance(101)
  await Promise.all(waits)
  assert.deepEqual(ended, ['2 late', '1 reached', '3 late'])
})
