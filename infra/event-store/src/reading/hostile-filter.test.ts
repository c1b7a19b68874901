import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import {
  EventStoreDBClient,
  eventTypeFilter,
  jsonEvent,
  START,
  streamNameFilter,
} from '@eventstore/db-client'
import { temporaryDir } from '../testing/open-test-store.ts'
import { spawnEventStore } from '../testing/spawn-event-store.ts'

const worst = ['^(a+)+$', '^(a|a)*$', '^(a{1,15}){1,7}$', '(a|b)*a(a|b){50}c', '\\pL{99}\\pL{99}$']

/** Quicker than this an append is answered (half of them, on a busy machine) while the filters are at work. */
const answeredMsMax = 50

test('the worst filters of one subscriber delay nobody else', async (context) => {
  const store = await spawnEventStore(context, temporaryDir(context), ['--durability', 'normal'])
  const [writer, hostile] = [store.url, store.url].map((url) =>
    EventStoreDBClient.connectionString(url),
  ) as [EventStoreDBClient, EventStoreDBClient]
  context.after(() => hostile.dispose())
  const long = `${'a'.repeat(2000)}ä${'ab'.repeat(900)}`
  const event = () => jsonEvent({ type: long, data: {} })
  for (let page = 0; page < 20; page++) {
    await writer.appendToStream(`${long}-${page}`, Array.from({ length: 100 }, event))
  }
  const subscriptions = worst.flatMap((regex) =>
    [eventTypeFilter({ regex }), streamNameFilter({ regex })].map((filter) =>
      hostile.subscribeToAll({ filter, fromPosition: START }).resume(),
    ),
  )
  await Promise.all(subscriptions.map((subscription) => once(subscription, 'confirmation')))
  const tookMs: number[] = []
  for (let count = 0; count < 50; count++) {
    const began = performance.now()
    await writer.appendToStream('s', event())
    tookMs.push(performance.now() - began)
  }
  tookMs.sort((a, b) => a - b)
  context.diagnostic(`median ${tookMs[25]} ms, slowest ${tookMs[49]} ms`)
  await Promise.all(subscriptions.map((subscription) => subscription.unsubscribe()))
  assert.ok((tookMs[25] ?? 0) < answeredMsMax, `appends took ${tookMs} ms`)
})
