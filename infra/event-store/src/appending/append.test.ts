import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import {
  binaryEvent,
  END,
  EventStoreDBClient,
  jsonEvent,
  type MaxAppendSizeExceededError,
  type WrongExpectedVersionError,
} from '@eventstore/db-client'
import { collect, openTestStore } from '../testing/open-test-store.ts'

const event = (data: unknown, id = randomUUID()) =>
  jsonEvent({ id, type: 'Noted', data: data as Record<string, never> })

test('what is appended is read back: ids, types, data, metadata, times', async (context) => {
  const { client } = await openTestStore(context, { clock: { now: () => 1_700_000_000_123 } })
  const id = randomUUID()
  const json = jsonEvent({ id, type: 'Ünoted', data: { text: 'ä€😀' }, metadata: { by: 'me' } })
  const binary = binaryEvent({ type: 'Bytes', data: Buffer.from([0, 255, 1]) })
  const result = await client.appendToStream('ström/1', [json, binary])
  const [first, second] = await collect(client.readStream('ström/1'))
  assert.ok(first?.event !== undefined && second?.event !== undefined)
  assert.equal(first.event.streamId, 'ström/1')
  assert.equal(first.event.id, id)
  assert.equal(first.event.type, 'Ünoted')
  assert.deepEqual(first.event.data, { text: 'ä€😀' })
  assert.deepEqual(first.event.metadata, { by: 'me' })
  assert.equal(first.event.created.getTime(), 1_700_000_000_123)
  assert.equal(second.event.isJson, false)
  assert.deepEqual(Buffer.from(second.event.data as Uint8Array), Buffer.from([0, 255, 1]))
  assert.equal(result.nextExpectedRevision, 1n)
  assert.deepEqual(second.event.position, result.position)
  assert.equal(result.position?.commit, result.position?.prepare)
  assert.equal(second.commitPosition, result.position?.commit)
})

for (const call of ['BatchAppend', 'Append'] as const) {
  // The client takes the Append call whenever an append has credentials of its own.
  const own = call === 'Append' ? { credentials: { username: 'u', password: 'p' } } : {}

  test(`${call}: an expected revision that is not the last one is refused`, async (context) => {
    const { client } = await openTestStore(context)
    const refused = async (expectedRevision: bigint | 'no_stream' | 'stream_exists') => {
      const append = client.appendToStream('s', event(1), { expectedRevision, ...own })
      const error = await append.then(
        () => assert.fail('was appended'),
        (reason: WrongExpectedVersionError) => reason,
      )
      assert.equal(error.type, 'wrong-expected-version')
      return [error.expectedVersion, error.actualVersion, error.streamName]
    }
    assert.deepEqual(await refused(0n), [0n, 'no_stream', 's'])
    assert.deepEqual(await refused('stream_exists'), ['stream_exists', 'no_stream', 's'])
    await client.appendToStream('s', [event(1), event(2)], {
      expectedRevision: 'no_stream',
      ...own,
    })
    await client.appendToStream('s', event(3), { expectedRevision: 1n, ...own })
    await client.appendToStream('s', event(4), { expectedRevision: 'stream_exists', ...own })
    assert.deepEqual(await refused('no_stream'), ['no_stream', 3n, 's'])
    assert.deepEqual(await refused(7n), [7n, 3n, 's'])
  })

  test(`${call}: the same events again are recorded once`, async (context) => {
    const { client } = await openTestStore(context)
    const events = [event(1), event(2)]
    for (const expectedRevision of ['no_stream', 'any'] as const) {
      const stream = `s-${expectedRevision}`
      const first = await client.appendToStream(stream, events, { expectedRevision, ...own })
      await client.appendToStream(stream, event(3), own)
      const again = await client.appendToStream(stream, events, { expectedRevision, ...own })
      assert.deepEqual(again, first)
      assert.equal((await collect(client.readStream(stream))).length, 3)
    }
  })

  test(`${call}: an append above the limit is refused, the next one is taken`, async (context) => {
    const { client } = await openTestStore(context)
    const large = binaryEvent({ type: 'Large', data: Buffer.alloc((1 << 20) + 1, 7) })
    await assert.rejects(client.appendToStream('s', large, own), (error) => {
      assert.equal((error as MaxAppendSizeExceededError).type, 'maximum-append-size-exceeded')
      assert.equal((error as MaxAppendSizeExceededError).maxAppendSize, 1 << 20)
      return true
    })
    await client.appendToStream('s', event(1), own)
    assert.equal((await collect(client.readStream('s'))).length, 1)
  })

  test(`${call}: the limit counts data and metadata, whatever the types are called`, async (context) => {
    const { client } = await openTestStore(context, { maxAppendSizeBytes: 1000 })
    const type = 'T'.repeat(400)
    const data = Buffer.alloc(499)
    const events = [binaryEvent({ type, data }), binaryEvent({ type, data })]
    await client.appendToStream('s', events, own)
    const metadata = { by: '..' }
    const larger = [binaryEvent({ type, data }), binaryEvent({ type, data, metadata })]
    const refused = { type: 'maximum-append-size-exceeded' }
    await assert.rejects(client.appendToStream('s', larger, own), refused)
  })

  test(`${call}: the store's own streams are not a client's to write to`, async (context) => {
    const { client } = await openTestStore(context)
    const denied = { type: 'access-denied' }
    for (const stream of ['$all', '$store', '$ce-pods', '$$$store', '$$$$s']) {
      await assert.rejects(client.appendToStream(stream, event(1), own), denied, stream)
    }
    await assert.rejects(client.appendToStream('$$s', event(1), own), denied)
    await assert.rejects(client.appendToStream('$$', event(1), own), /name of a stream/)
    const limits = jsonEvent({ type: '$metadata', data: { $maxCount: 2 } })
    await client.appendToStream('$$s', limits, own)
    assert.equal((await client.getStreamMetadata('s')).metadata?.maxCount, 2)
  })

  test(`${call}: names without measure are refused`, async (context) => {
    const { client } = await openTestStore(context)
    const long = 'x'.repeat(5000)
    await assert.rejects(client.appendToStream(long, event(1), own), /longer than 4096 bytes/)
    const typed = jsonEvent({ type: long, data: {} })
    await assert.rejects(client.appendToStream('s', typed, own), /longer than 4096 bytes/)
  })

  test(`${call}: an empty append changes nothing`, async (context) => {
    const { client } = await openTestStore(context)
    assert.equal((await client.appendToStream('s', [], own)).success, true)
    await client.appendToStream('s', event(1), own)
    assert.equal((await client.appendToStream('s', [], own)).nextExpectedRevision, 0n)
  })
}

test('one append holds so many events and no more', async (context) => {
  const { client } = await openTestStore(context)
  const events = Array.from({ length: 20_001 }, () => event(1))
  await assert.rejects(client.appendToStream('s', events), /more than 20000 events/)
  await client.appendToStream('s', events.slice(1))
})

test('an append in several messages is recorded whole, or not at all', async (context) => {
  const { client } = await openTestStore(context, { maxAppendSizeBytes: 8 << 20 })
  const events = (count: number) =>
    Array.from({ length: count }, () =>
      binaryEvent({ type: 'Large', data: Buffer.alloc(1 << 20, 1) }),
    )
  await client.appendToStream('s', events(7))
  await assert.rejects(client.appendToStream('s', events(12)), /.*/)
  assert.equal((await collect(client.readStream('s'))).length, 7)
})

test('appends in one turn get revisions in the order in which they were sent', async (context) => {
  const { client } = await openTestStore(context)
  await client.appendToStream('warm', event(0))
  const sent = Array.from({ length: 500 }, (_, number) => event(number))
  const results = await Promise.all(sent.map((one) => client.appendToStream('s', one)))
  assert.deepEqual(
    results.map((result) => result.nextExpectedRevision),
    sent.map((_, index) => BigInt(index)),
  )
  const events = await collect(client.readStream('s'))
  assert.deepEqual(
    events.map((read) => read.event?.id),
    sent.map((one) => one.id),
  )
})

test('two clients race for one revision: one of them wins', async (context) => {
  const { client, server } = await openTestStore(context)
  const other = EventStoreDBClient.connectionString(server.url)
  context.after(() => other.dispose())
  await Promise.all([client.appendToStream('a', event(0)), other.appendToStream('b', event(0))])
  for (let round = 0; round < 20; round++) {
    const expectedRevision = round === 0 ? ('no_stream' as const) : BigInt(round - 1)
    const outcomes = await Promise.allSettled(
      [client, other].map((one) => one.appendToStream('s', event(round), { expectedRevision })),
    )
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  }
  const [last] = await collect(
    other.readStream('s', { direction: 'backwards', fromRevision: END, maxCount: 1 }),
  )
  assert.equal(last?.event?.revision, 19n)
})

test('more than one connection string host: gossip leads to this node', async (context) => {
  const { server } = await openTestStore(context)
  const url = `esdb://127.0.0.1:${server.port},localhost:${server.port}?tls=false`
  const client = EventStoreDBClient.connectionString(url)
  context.after(() => client.dispose())
  assert.equal((await client.appendToStream('s', event(1))).nextExpectedRevision, 0n)
})
