import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Alarm } from './alarm.ts'
import { createMemoryClock } from './memory/index.ts'

test('a wait ends when it rings, when its moment comes, or when the signal aborts', async () => {
  const clock = createMemoryClock()
  const alarm = new Alarm(clock)
  const stop = new AbortController()
  const rung = alarm.wait(alarm.rings, { signal: stop.signal })
  alarm.ring()
  await rung
  const due = alarm.wait(alarm.rings, { untilMs: clock.now() + 1000, signal: stop.signal })
  await clock.advance(1000)
  await due
  const aborted = alarm.wait(alarm.rings, { signal: stop.signal })
  stop.abort()
  await aborted
})

test('what rang after the look and before the wait is not missed; what rang before the look is over', async () => {
  const clock = createMemoryClock()
  const alarm = new Alarm(clock)
  const { signal } = new AbortController()
  const seen = alarm.rings
  alarm.ring()
  await alarm.wait(seen, { signal })
  let ended = false
  const next = alarm.wait(alarm.rings, { untilMs: clock.now() + 1000, signal }).then(() => {
    ended = true
  })
  await clock.advance(999)
  assert.equal(ended, false)
  await clock.advance(1)
  await next
})

test('all who wait are woken', async () => {
  const alarm = new Alarm(createMemoryClock())
  const { signal } = new AbortController()
  const waits = [1, 2, 3].map(() => alarm.wait(alarm.rings, { signal }))
  alarm.ring()
  await Promise.all(waits)
})
