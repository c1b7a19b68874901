import assert from 'node:assert/strict'
import { closeSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import { collect, openTestStore, temporaryDir } from '../testing/open-test-store.ts'
import { spawnEventStore } from '../testing/spawn-event-store.ts'
import { serveEventStore } from './serve-event-store.ts'

async function run(argv: readonly string[], environment = {}): Promise<string[]> {
  const lines: string[] = []
  const stop = AbortSignal.abort()
  await serveEventStore({ argv, environment, print: (line) => lines.push(line), stop })
  return lines
}

test('it says what to do when it cannot start', async (context) => {
  const dir = temporaryDir(context)
  await assert.rejects(run([]), /--data-dir is missing/)
  await assert.rejects(run(['--data-dir', dir]), /give --tls-cert and --tls-key, or --insecure/)
  const insecure = ['--data-dir', dir, '--insecure']
  await assert.rejects(run([...insecure, '--port', 'x']), /--port is a number/)
  await assert.rejects(run([...insecure, '--durability', 'none']), /full or normal/)
})

test('the relaxed durability says what it may cost', async (context) => {
  const argv = ['--data-dir', temporaryDir(context), '--insecure', '--port', '0']
  const relaxed = (await run([...argv, '--durability', 'normal'])).join('\n')
  assert.match(relaxed, /a power cut may lose acknowledged events/)
  assert.doesNotMatch((await run(argv)).join('\n'), /may lose/)
})

test('a second server on the same data is told who has it', async (context) => {
  const dir = temporaryDir(context)
  const store = await spawnEventStore(context, dir)
  const second = run(['--data-dir', dir, '--insecure', '--port', '0'])
  await assert.rejects(second, new RegExp(`in use by process ${store.child.pid}`))
  const answer = await fetch(store.url.replace(/^esdb(.*)\?.*$/, 'http$1/health/live'))
  assert.equal(answer.status, 204)
  await store.kill('SIGTERM')
  assert.equal(store.child.exitCode, 0)
  await run(['--data-dir', dir, '--insecure', '--port', '0'])
})

test('a file that is no database is refused, and left as it is', async (context) => {
  const dir = temporaryDir(context)
  writeFileSync(
    join(dir, 'events.db'),
    'something else entirely, long enough to be read\n'.repeat(99),
  )
  await assert.rejects(run(['--data-dir', dir, '--insecure']), /is damaged.*put a copy of it back/)
})

test('a directory that cannot be one is named', async (context) => {
  const file = join(temporaryDir(context), 'file')
  writeFileSync(file, '')
  await assert.rejects(
    run(['--data-dir', join(file, 'data'), '--insecure']),
    /file\/data.*cannot be/,
  )
})

test('a truncated file is refused', async (context) => {
  const dataDir = temporaryDir(context)
  const { client, server } = await openTestStore(context, { dataDir })
  await client.appendToStream('s', jsonEvent({ type: 'Noted', data: { text: 'x'.repeat(50_000) } }))
  await server.close()
  truncateSync(join(dataDir, 'events.db'), 16_384)
  await assert.rejects(run(['--data-dir', dataDir, '--insecure']), /is damaged/)
})

test('damage found while reading fails that read, not the store', async (context) => {
  const dataDir = temporaryDir(context)
  const first = await openTestStore(context, { dataDir })
  const large = jsonEvent({ type: 'Noted', data: { text: 'x'.repeat(200_000) } })
  await first.client.appendToStream('damaged', large)
  await first.client.appendToStream('sound', jsonEvent({ type: 'Noted', data: {} }))
  await first.server.close()
  // The chain of pages that holds the large event now leads nowhere.
  const file = openSync(join(dataDir, 'events.db'), 'r+')
  for (let page = 8; page < 30; page++) writeSync(file, Buffer.alloc(4, 0xff), 0, 4, page * 4096)
  closeSync(file)
  const second = await openTestStore(context, { dataDir })
  const client = EventStoreDBClient.connectionString(second.server.url)
  context.after(() => client.dispose())
  await assert.rejects(collect(client.readStream('damaged')), /its file is damaged/)
  assert.equal((await collect(client.readStream('sound'))).length, 1)
})

test('the server goes on when nobody takes its output any more', async (context) => {
  const store = await spawnEventStore(context, temporaryDir(context))
  store.child.stdout.destroy()
  store.child.stderr.destroy()
  const client = EventStoreDBClient.connectionString(store.url)
  context.after(() => client.dispose())
  await client.appendToStream('s', jsonEvent({ type: 'Noted', data: {} }))
  // Its last words, for which there is no ear.
  await store.kill('SIGTERM')
  assert.equal(store.child.exitCode, 0)
})

test('it answers for its health and its metrics on a socket', async (context) => {
  const dir = temporaryDir(context)
  const socketPath = join(dir, 'health.sock')
  const stop = new AbortController()
  const listening = Promise.withResolvers<void>()
  const argv = ['--data-dir', ':memory:', '--insecure', '--port', '0']
  const environment = { RECKON_HEALTH_SOCKET: socketPath }
  const print = (line: string) => line.startsWith('esdb://') && listening.resolve()
  const serving = serveEventStore({ argv, environment, print, stop: stop.signal })
  context.after(async () => {
    stop.abort()
    await serving
  })
  await listening.promise
  const get = (path: string) =>
    new Promise<string>((resolve, reject) => {
      request({ socketPath, path }, (response) => void text(response).then(resolve, reject))
        .on('error', reject)
        .end()
    })
  assert.equal(JSON.parse(await get('/health')).ready, true)
  assert.match(
    await get('/metrics'),
    /^reckon_store_write_duration_seconds_count\{outcome="Written"\} 1$/m,
  )
})
