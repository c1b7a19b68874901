import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import { collect, openSecureStore, temporaryDir } from '../testing/open-test-store.ts'
import { copyLog } from './copy-log.ts'

const event = (text = '') => jsonEvent({ type: 'Noted', data: { text }, metadata: { by: 'ada' } })
const everythingIn = (client: EventStoreDBClient) => collect(client.readAll())

/** A store that serves, and how it is copied into another data directory. */
async function openSource(context: TestContext) {
  const { server, client, ca, credentials } = await openSecureStore(context, {
    dataDir: temporaryDir(context),
  })
  const dataDir = temporaryDir(context)
  const source = { port: server.port, authority: Buffer.from(ca), credentials }
  return { server, client, dataDir, copied: () => copyLog(source, dataDir) }
}

test('a copy has every event where it was, and goes on from there', async (context) => {
  const { server, client, dataDir, copied } = await openSource(context)
  await client.appendToStream('a-1', [event('1'), event('2')])
  await client.setStreamMetadata('short', { maxCount: 1 })
  for (const text of ['x', 'y', 'z']) await client.appendToStream('short', event(text))
  await client.appendToStream('gone', event('a secret that nobody may read'))
  await client.tombstoneStream('gone')
  await client.appendToStream('a-1', event('3'))

  const expected = await everythingIn(client)
  assert.deepEqual(await copied(), { events: expected.length, head: server.head() })
  const other = await openSecureStore(context, { dataDir })
  assert.deepEqual(await everythingIn(other.client), expected)
  assert.equal(other.server.head(), server.head())
  const next = await other.client.appendToStream('a-1', event('4'), { expectedRevision: 2n })
  assert.deepEqual([next.success, next.nextExpectedRevision], [true, 3n])
  await assert.rejects(other.client.appendToStream('gone', event()), { type: 'stream-deleted' })
  await other.client.appendToStream('short', event('last'))
  assert.equal((await collect(other.client.readStream('short'))).length, 1)
  assert.ok(!readFileSync(join(dataDir, 'events.db')).includes('a secret that nobody'))
})

test('what is written while it is copied is there up to some event, without a gap', async (context) => {
  const { client, dataDir, copied } = await openSource(context)
  const isOver = new AbortController()
  const writing = (async () => {
    for (let n = 0; !isOver.signal.aborted; n++) await client.appendToStream(`s-${n % 7}`, event())
  })()
  for (let n = 0; n < 20; n++)
    await client.appendToStream(
      't',
      Array.from({ length: 100 }, () => event()),
    )
  const { events, head } = await copied()
  isOver.abort()
  await writing
  const { client: other } = await openSecureStore(context, { dataDir })
  const before = (await everythingIn(client)).slice(0, events)
  assert.deepEqual(await everythingIn(other), before)
  assert.equal(before.at(-1)?.event?.position?.commit, BigInt(head))
})
