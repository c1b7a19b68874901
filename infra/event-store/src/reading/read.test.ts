import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  BACKWARDS,
  END,
  type EventStoreDBClient,
  jsonEvent,
  type ReadStreamOptions,
  START,
} from '@eventstore/db-client'
import { collect, openTestStore } from '../testing/open-test-store.ts'

const numbered = (count: number) =>
  Array.from({ length: count }, (_, number) => jsonEvent({ type: 'Counted', data: { number } }))

async function revisions(client: EventStoreDBClient, options: ReadStreamOptions) {
  const events = await collect(client.readStream('s', options))
  return events.map(({ event }) => Number(event?.revision))
}

async function openCounted(context: TestContext, count: number) {
  const store = await openTestStore(context)
  await store.client.appendToStream('s', numbered(count))
  return store
}

test('a stream is read from any revision, in both directions', async (context) => {
  const { client } = await openCounted(context, 5)
  assert.deepEqual(await revisions(client, {}), [0, 1, 2, 3, 4])
  assert.deepEqual(await revisions(client, { fromRevision: START, maxCount: 2 }), [0, 1])
  assert.deepEqual(await revisions(client, { fromRevision: 3n }), [3, 4])
  assert.deepEqual(await revisions(client, { fromRevision: 9n }), [])
  const direction = BACKWARDS
  assert.deepEqual(await revisions(client, { direction, fromRevision: END }), [4, 3, 2, 1, 0])
  assert.deepEqual(await revisions(client, { direction, fromRevision: 2n, maxCount: 2 }), [2, 1])
  assert.deepEqual(await revisions(client, { direction, fromRevision: 99n, maxCount: 1 }), [4])
})

test('a stream that does not exist is not found', async (context) => {
  const { client } = await openTestStore(context)
  await client.setStreamMetadata('only-metadata', { maxCount: 3 })
  for (const stream of ['absent', 'only-metadata']) {
    await assert.rejects(collect(client.readStream(stream)), { type: 'stream-not-found' })
  }
})

test('metadata that is older than its stream holds from the first event on', async (context) => {
  const { client } = await openTestStore(context)
  // That it is absent is known, and then no longer all that is known.
  await assert.rejects(collect(client.readStream('s')), { type: 'stream-not-found' })
  await client.setStreamMetadata('s', { maxCount: 2 })
  await client.appendToStream('s', numbered(5))
  assert.deepEqual(await revisions(client, {}), [3, 4])
})

test('a long read crosses pages without a gap', async (context) => {
  const { client } = await openCounted(context, 3000)
  const forwards = await revisions(client, {})
  assert.deepEqual(forwards, [...Array(3000).keys()])
  const backwards = await revisions(client, { direction: BACKWARDS, fromRevision: END })
  assert.deepEqual(backwards, forwards.toReversed())
})

test('$all is one order: forwards from a position on, backwards before it', async (context) => {
  const { client } = await openTestStore(context)
  const system = await collect(client.readAll())
  assert.ok(system.every(({ event }) => event?.type.startsWith('$')) && system.length > 0)
  for (let round = 0; round < 3; round++) {
    for (const stream of ['a', 'b']) await client.appendToStream(stream, numbered(2))
  }
  const all = await collect(client.readAll())
  const positions = all.map(({ event }) => event?.position.commit ?? 0n)
  assert.equal(all.length, system.length + 12)
  assert.ok(
    positions.every((position, index) => index === 0 || position > (positions[index - 1] ?? 0n)),
  )
  const middle = all[6]?.event?.position
  assert.ok(middle !== undefined)
  const after = await collect(client.readAll({ fromPosition: middle }))
  assert.deepEqual(after, all.slice(6))
  const direction = BACKWARDS
  const before = await collect(client.readAll({ direction, fromPosition: middle }))
  assert.deepEqual(before, all.slice(0, 6).toReversed())
  const head = await collect(client.readAll({ direction, fromPosition: END, maxCount: 1 }))
  assert.deepEqual(head, all.slice(-1))
})

test('$maxCount, $maxAge and $tb hide what is past them', async (context) => {
  let nowMs = 1_000_000
  const { client } = await openTestStore(context, { clock: { now: () => nowMs } })
  await client.appendToStream('s', numbered(6))
  await client.setStreamMetadata('s', { truncateBefore: 2 })
  assert.deepEqual(await revisions(client, {}), [2, 3, 4, 5])
  await client.setStreamMetadata('s', { maxCount: 2 })
  assert.deepEqual(await revisions(client, {}), [4, 5])
  await client.appendToStream('s', numbered(1))
  const backwards = await revisions(client, { direction: BACKWARDS, fromRevision: END })
  assert.deepEqual(backwards, [6, 5])
  await client.setStreamMetadata('s', { maxAge: 60 })
  nowMs += 61_000
  assert.deepEqual(await revisions(client, {}), [])
  const result = await client.appendToStream('s', numbered(1))
  assert.equal(result.nextExpectedRevision, 7n)
  assert.deepEqual(await revisions(client, {}), [7])
  const { metadata } = await client.getStreamMetadata('s')
  assert.deepEqual(metadata, { maxAge: 60 })
})
