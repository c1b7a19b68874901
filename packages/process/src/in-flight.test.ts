import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InFlight } from './in-flight.ts'

test('so much at once, and whoever waits is told when one has ended', async () => {
  let ended = 0
  const inFlight = new InFlight(1, () => {
    ended++
  })
  const work = Promise.withResolvers<void>()
  inFlight.add(work.promise)
  assert.ok(inFlight.isFull)
  work.resolve()
  await inFlight.ended()
  assert.ok(!inFlight.isFull)
  assert.equal(ended, 1)
})

test('the first failure is thrown where the loop looks', async () => {
  const inFlight = new InFlight(2, () => {})
  inFlight.throwFailure()
  inFlight.add(Promise.reject(new Error('first')))
  inFlight.add(Promise.reject(new Error('second')))
  await inFlight.ended()
  assert.throws(() => inFlight.throwFailure(), /first/)
})
