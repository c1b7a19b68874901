import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { EventStoreDBClient } from '@eventstore/db-client'
import { type EventStoreServerOptions, openEventStoreServer } from './server.ts'

/** A data directory that is gone after the test. */
export function temporaryDir(context: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'event-store-'))
  context.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A store in memory (unless told otherwise) and the unmodified client; both end with the test. */
export async function openTestStore(
  context: TestContext,
  options: Partial<EventStoreServerOptions> = {},
) {
  const server = await openEventStoreServer({
    dataDir: ':memory:',
    host: '127.0.0.1',
    port: 0,
    ...options,
  })
  const client = EventStoreDBClient.connectionString(server.url)
  context.after(async () => {
    await client.dispose()
    await server.close()
  })
  return { server, client }
}

/** All of an async iterable, in order. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}
