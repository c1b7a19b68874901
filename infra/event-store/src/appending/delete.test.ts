import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonEvent, type WrongExpectedVersionError } from '@eventstore/db-client'
import { collect, openTestStore } from '../testing/open-test-store.ts'

const event = () => jsonEvent({ type: 'Noted', data: {} })
const notFound = { type: 'stream-not-found' }
const deleted = { type: 'stream-deleted', streamName: 's' }

test('a deleted stream is gone until it is appended to, and its revisions go on', async (context) => {
  const { client } = await openTestStore(context)
  await client.appendToStream('s', [event(), event()])
  assert.ok((await client.deleteStream('s', { expectedRevision: 1n })).position)
  await assert.rejects(collect(client.readStream('s')), notFound)
  await assert.rejects(
    client.appendToStream('s', event(), { expectedRevision: 'stream_exists' }),
    deleted,
  )
  const again = await client.appendToStream('s', event(), { expectedRevision: 'no_stream' })
  assert.equal(again.nextExpectedRevision, 2n)
  const events = await collect(client.readStream('s'))
  assert.deepEqual(
    events.map((read) => read.event?.revision),
    [2n],
  )
  assert.deepEqual((await client.getStreamMetadata('s')).metadata, { truncateBefore: 2 })
})

test('metadata written to a deleted stream brings it back, but not its past', async (context) => {
  const { client } = await openTestStore(context)
  await client.appendToStream('s', [event(), event()])
  await client.deleteStream('s')
  await client.setStreamMetadata('s', { maxCount: 5 })
  assert.deepEqual(await collect(client.readStream('s')), [])
  const { metadata } = await client.getStreamMetadata('s')
  assert.deepEqual(metadata, { maxCount: 5, truncateBefore: 2 })
})

test('deleting asks for the expected revision', async (context) => {
  const { client } = await openTestStore(context)
  await assert.rejects(client.deleteStream('s'), { type: 'wrong-expected-version' })
  await client.appendToStream('s', [event(), event()])
  for (const remove of [client.deleteStream, client.tombstoneStream]) {
    await assert.rejects(
      remove.call(client, 's', { expectedRevision: 0n }),
      (error: WrongExpectedVersionError) => {
        assert.equal(error.type, 'wrong-expected-version')
        assert.deepEqual(
          [error.streamName, error.expectedVersion, error.actualVersion],
          ['s', 0n, 1n],
        )
        return true
      },
    )
  }
})

test('a tombstoned stream is dead for ever', async (context) => {
  const { client } = await openTestStore(context)
  await client.appendToStream('s', event())
  await client.setStreamMetadata('s', { maxCount: 9 })
  assert.ok((await client.tombstoneStream('s')).position)
  await assert.rejects(collect(client.readStream('s')), deleted)
  await assert.rejects(client.appendToStream('s', event()), deleted)
  await assert.rejects(client.setStreamMetadata('s', {}), { type: 'stream-deleted' })
  await assert.rejects(client.getStreamMetadata('s'), { type: 'stream-deleted' })
  await assert.rejects(client.deleteStream('s'), deleted)
  await assert.rejects(client.tombstoneStream('s'), deleted)
  const all = await collect(client.readAll())
  const left = all.flatMap((read) => (read.event?.streamId.includes('s') ? [read.event] : []))
  const last = left.at(-1)
  assert.equal(last?.type, '$streamDeleted')
  assert.equal(last?.revision, 2n ** 63n - 1n)
  assert.ok(!left.some(({ streamId, type }) => streamId === 's' && type === 'Noted'))
  await client.tombstoneStream('never-was', { expectedRevision: 'no_stream' })
  await assert.rejects(client.appendToStream('never-was', event()), { type: 'stream-deleted' })
})

test('a name that no header can carry is told as well as it can be', async (context) => {
  const { client } = await openTestStore(context)
  await client.appendToStream('ü', event())
  await client.tombstoneStream('ü')
  await assert.rejects(client.tombstoneStream('ü'), { type: 'stream-deleted', streamName: '?' })
})

test("the store's own streams are not a client's to delete", async (context) => {
  const { client } = await openTestStore(context)
  for (const stream of ['$all', '$store']) {
    await assert.rejects(client.deleteStream(stream), { type: 'access-denied' })
    await assert.rejects(client.tombstoneStream(stream), { type: 'access-denied' })
  }
  await client.appendToStream('s', event())
  await client.setStreamMetadata('s', { maxCount: 9 })
  await assert.rejects(client.deleteStream('$$s'), { type: 'invalid-transaction' })
  await assert.rejects(client.tombstoneStream('$$'), /name of a stream/)
})
