import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogIndex } from '@reckon/eventing'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { hadBegunBy, lastBy } from './position-at.ts'
import { firstTimed } from './recorded-time.ts'

const never = new AbortController().signal
const beganMs = Date.UTC(2026, 0, 1)
const timeAt = (n: number) => new Date(beganMs + n * 1000).toISOString()

/** A log with an event each second, and what its index says up to one of them. */
async function recorded(count: number) {
  const log = createMemoryEventLog()
  const eventOf = (n: number) => {
    const metadata = { actor: { user: 'ada' }, verb: 'patch', time: timeAt(n), $correlationId: 'c' }
    return { id: `e${n}`, type: 'Any', data: {}, metadata }
  }
  await log.append(
    'samples-a/b',
    'Any',
    Array.from({ length: count }, (_, n) => eventOf(n)),
  )
  const events = await Array.fromAsync(log.readAll())
  const positionOf = (n: number) => events[n]?.position
  const indexTo = (last: number): LogIndex => ({
    upTo: positionOf(last),
    async *pages() {},
    lastBy: async (timeMs) => positionOf(Math.min(last, Math.floor((timeMs - beganMs) / 1000))),
  })
  return { log, positionOf, indexTo }
}

test('the last position by a time is the same however far the index reaches', async () => {
  const count = 300
  const { log, positionOf, indexTo } = await recorded(count)
  const indexes = [undefined, ...[20, 298, 299].map(indexTo)]
  for (const index of indexes) {
    for (const n of [0, 20, 21, 299, 400]) {
      const searched = { log, ...(index && { index }) }
      const found = await lastBy(searched, beganMs + n * 1000 + 500, never)
      const reaches = `${n} s, indexed up to ${index?.upTo}`
      assert.equal(found, positionOf(Math.min(n, count - 1)), reaches)
    }
  }
})

test('the first event of a span that has a time is found, if there is one', async () => {
  const { log, positionOf } = await recorded(40)
  const first = await firstTimed(log)
  assert.deepEqual(first, { position: positionOf(0), timeMs: beganMs })
  const after = await firstTimed(log, { after: positionOf(29) })
  assert.deepEqual(after, { position: positionOf(30), timeMs: beganMs + 30_000 })
  assert.equal(await firstTimed(log, { after: positionOf(39) }), undefined)
  assert.equal(await firstTimed(createMemoryEventLog()), undefined)
  assert.equal(await hadBegunBy(log, beganMs), true)
  assert.equal(await hadBegunBy(log, beganMs - 10 * 60 * 1000), false)
  assert.equal(await hadBegunBy(createMemoryEventLog(), beganMs), false)
})
