import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryClock } from '@reckon/eventing/memory'
import { createAlarm } from './alarm.ts'

test('a wait ends when it rings, when its moment comes, or when the signal aborts', async () => {
  const clock = createMemoryClock()
  const alarm = createAlarm(clock)
  const stop = new AbortController()
  const rung = alarm.wait(undefined, stop.signal)
  alarm.ring()
  await rung
  const due = alarm.wait(clock.now() + 1000, stop.signal)
  await clock.advance(1000)
  await due
  const aborted = alarm.wait(undefined, stop.signal)
  stop.abort()
  await aborted
})

test('a ring while nobody waits ends the next wait, and only that one', async () => {
  const clock = createMemoryClock()
  const alarm = createAlarm(clock)
  const { signal } = new AbortController()
  alarm.ring()
  alarm.ring()
  await alarm.wait(undefined, signal)
  let ended = false
  const next = alarm.wait(clock.now() + 1000, signal).then(() => {
    ended = true
  })
  await clock.advance(999)
  assert.equal(ended, false)
  await clock.advance(1)
  await next
})
