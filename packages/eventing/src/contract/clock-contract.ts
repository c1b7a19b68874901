import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../clock.ts'

/** A clock, and a function that lets some of its time pass. */
export type OpenedClock = { clock: Clock; pass: (ms: number) => Promise<void> }

/** The contract of every `Clock`, virtual or real. */
export function clockContract(name: string, open: () => OpenedClock): void {
  const asleep = (clock: Clock, ms: number, signal?: AbortSignal) => {
    const sleep = { isOver: false }
    void clock.sleep(ms, signal).then(() => {
      sleep.isOver = true
    })
    return sleep
  }

  test(`${name}: a sleep lasts as long as it was asked for`, async () => {
    const { clock, pass } = open()
    const before = clock.now()
    const wokenAt = clock.sleep(20).then(() => clock.now())
    await pass(18)
    await pass(22)
    // A timer of the machine counts in whole milliseconds, and so may end within one of its moment.
    assert.ok((await wokenAt) - before >= 19)
  })

  test(`${name}: who sleeps for nothing, or less, has another turn`, async () => {
    const { clock, pass } = open()
    const sleeps = [0, -5].map((ms) => asleep(clock, ms))
    await pass(1)
    for (const sleep of sleeps) assert.equal(sleep.isOver, true)
  })

  test(`${name}: sleepers wake in the order of their moments`, async () => {
    const { clock, pass } = open()
    const woken: number[] = []
    for (const ms of [30, 10, 20]) void clock.sleep(ms).then(() => woken.push(ms))
    await pass(60)
    assert.deepEqual(woken, [10, 20, 30])
  })

  test(`${name}: a signal ends a sleep at once, also one that has aborted already`, async () => {
    const { clock, pass } = open()
    const stop = new AbortController()
    const sleep = asleep(clock, 3_600_000, stop.signal)
    await pass(1)
    assert.equal(sleep.isOver, false)
    stop.abort()
    const late = asleep(clock, 3_600_000, stop.signal)
    await pass(1)
    assert.deepEqual([sleep.isOver, late.isOver], [true, true])
  })

  test(`${name}: a sleep longer than a timer can hold does not end at once`, async (context) => {
    const { clock, pass } = open()
    const stop = new AbortController()
    context.after(() => stop.abort())
    const lengths = [2 ** 31 - 1, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER, Infinity]
    const sleeps = lengths.map((ms) => asleep(clock, ms, stop.signal))
    await pass(50)
    for (const [index, sleep] of sleeps.entries()) {
      assert.equal(sleep.isOver, false, `${lengths[index]} ms`)
    }
    stop.abort()
    await pass(1)
    for (const sleep of sleeps) assert.equal(sleep.isOver, true)
  })
}
