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

test('a sleep outlives the wait that it was for, and serves those that follow', async () => {
  const clock = createMemoryClock()
  let sleeps = 0
  const sleep = clock.sleep.bind(clock)
  clock.sleep = (ms, signal) => {
    sleeps++
    return sleep(ms, signal)
  }
  const alarm = new Alarm(clock)
  const { signal } = new AbortController()
  for (let n = 0; n < 100; n++) {
    const rung = alarm.wait(alarm.rings, { untilMs: clock.now() + 1000 + n, signal })
    alarm.ring()
    await rung
  }
  assert.equal(sleeps, 1)
  let ended = false
  const last = alarm.wait(alarm.rings, { untilMs: clock.now() + 1500, signal }).then(() => {
    ended = true
  })
  await clock.advance(1499)
  assert.equal(ended, false)
  await clock.advance(1)
  await last
  assert.equal(sleeps, 2)
})

test('each wait ends at its own moment, in whatever order they came', async () => {
  const clock = createMemoryClock()
  const alarm = new Alarm(clock)
  const { signal } = new AbortController()
  const start = clock.now()
  const ended: number[] = []
  const waits = [300, 100, 200, 100, 400].map((ms) =>
    alarm.wait(alarm.rings, { untilMs: start + ms, signal }).then(() => {
      ended.push(ms)
      assert.equal(clock.now(), start + ms)
    }),
  )
  await clock.advance(500)
  await Promise.all(waits)
  assert.deepEqual(ended, [100, 100, 200, 300, 400])
})

test('who is given up takes nobody’s sleep along', async () => {
  const clock = createMemoryClock()
  const alarm = new Alarm(clock)
  const [leaving, staying] = [new AbortController(), new AbortController()]
  const gone = alarm.wait(alarm.rings, { untilMs: clock.now() + 100, signal: leaving.signal })
  let ended = false
  const stays = alarm
    .wait(alarm.rings, { untilMs: clock.now() + 100, signal: staying.signal })
    .then(() => {
      ended = true
    })
  leaving.abort()
  await gone
  await clock.advance(99)
  assert.equal(ended, false)
  await clock.advance(1)
  await stays
})

test('a clock that is set back makes no wait longer', async () => {
  const machine = createMemoryClock()
  let errorMs = 0
  const clock = { now: () => machine.now() + errorMs, sleep: machine.sleep }
  const alarm = new Alarm(clock)
  const { signal } = new AbortController()
  const waits = [100, 150].map((ms) =>
    alarm.wait(alarm.rings, { untilMs: clock.now() + ms, signal }),
  )
  errorMs = -3_600_000
  await machine.advance(150)
  await Promise.all(waits)
})
