import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { binaryEvent, EventStoreDBClient } from '@eventstore/db-client'
import { temporaryDir } from '../testing/open-test-store.ts'
import { spawnEventStore } from '../testing/spawn-event-store.ts'

const eventBytes = 256 << 10
const eventsCount = 400
const readersCount = 8
/** SQLite's page cache, and what a busy JavaScript heap takes before it is collected. */
const growthBytesMax = 160 << 20

function residentBytes(pid: number | undefined): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

test('readers that stop reading cost the store no memory, and lose nothing', async (context) => {
  const store = await spawnEventStore(context, temporaryDir(context), ['--durability', 'normal'])
  const client = EventStoreDBClient.connectionString(store.url)
  context.after(() => client.dispose())
  const event = () => binaryEvent({ type: 'Large', data: Buffer.alloc(eventBytes, 7) })
  await client.appendToStream('s', event())
  const before = residentBytes(store.child.pid)
  const readers = await Promise.all(
    Array.from({ length: readersCount }, async () => {
      const reader = client.subscribeToStream('s')
      await once(reader, 'confirmation')
      return reader
    }),
  )
  for (let count = 1; count < eventsCount; count++) await client.appendToStream('s', event())
  const growth = residentBytes(store.child.pid) - before
  assert.ok(growth < growthBytesMax, `the store grew by ${growth >> 20} MiB`)
  const [first, ...others] = readers
  assert.ok(first !== undefined)
  let revision = 0n
  for await (const { event: read } of first) {
    assert.equal(read?.revision, revision++)
    if (revision === BigInt(eventsCount)) break
  }
  await Promise.all([first, ...others].map((reader) => reader.unsubscribe()))
})
