import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeTo } from '@reckon/eventing/contract'
import { createMemoryEventLog, createMemorySegments } from '@reckon/eventing/memory'
import { systemClock as clock } from '@reckon/process'
import { eventsBetween } from './fold-past.ts'

const count = 2600
const metadata = {
  actor: { user: 'ada' },
  verb: 'patch',
  time: '2026-01-01T00:00:00.000Z',
  $correlationId: 'c',
}

async function filledLog() {
  const log = createMemoryEventLog()
  for (let n = 0; n < count; n += 100) {
    const events = Array.from({ length: 100 }, (_, i) => ({
      id: `e${n + i}`,
      type: 'ConfigMapChanged',
      data: { patch: [] },
      metadata,
    }))
    await log.append('configmaps-shop/a', 'Any', events)
  }
  return { log, events: await Array.fromAsync(log.readAll()) }
}

for (const [about, begin, end] of [
  ['there are none', 0, 0],
  ['they reach from the first event to the last', 0, count],
  ['they lack the newest', 0, 1500],
  ['they end close after where it begins', 0, 40],
  ['they end before it begins', 0, 5],
  ['they begin later', 1200, count],
] as const) {
  test(`what lies between two positions comes once, in order, from log and segments: ${about}`, async () => {
    const { log, events } = await filledLog()
    const segments = createMemorySegments()
    await segments.begin(events[begin - 1]?.position)
    await writeTo(segments, events.slice(begin, end))
    for (const [first, last] of [
      [0, count],
      [20, 30],
      [20, 1019],
      [20, 1020],
      [20, 1021],
      [20, count],
      [1300, count],
    ] as const) {
      const [after, upTo] = [events[first - 1]?.position, events[last - 1]?.position ?? 0n]
      const between = { after, upTo, isWanted: () => true }
      const found = await Array.fromAsync(eventsBetween({ log, clock, segments }, between))
      assert.deepEqual(
        found.map(({ id }) => id),
        events.slice(first, last).map(({ id }) => id),
        `${first} to ${last}`,
      )
    }
  })
}
