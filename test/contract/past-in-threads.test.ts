import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startedApi } from '@reckon/api/fixture'
import { FoldsInThreads, openPast } from '@reckon/api/past'
import { foldsOf, resources, writeHistory } from '@reckon/api/past-history'
import { openEventStore } from '@reckon/eventing/eventstore'
import { type EventStoreProcess, eventStoreProcess } from './event-store-process.ts'

let store: EventStoreProcess
let folder: string
let threads: FoldsInThreads
let api: Awaited<ReturnType<typeof startedApi>>
before(async () => {
  store = await eventStoreProcess()
  await store.start()
  folder = await mkdtemp(join(tmpdir(), 'past-in-threads-'))
  const masterKey = join(folder, 'master.key')
  await writeFile(masterKey, new Uint8Array(32))
  threads = new FoldsInThreads({ eventStore: store.url, dataDir: folder, masterKey })
  api = await startedApi({ over: await openEventStore(store.url, { name: 'past' }) })
})
after(async () => {
  await threads.close()
  await api.close()
  await api.ports.log.close()
  await store.remove()
  await rm(folder, { recursive: true })
})

const pastOf = () => openPast({ ...api.ports, pastFolds: threads.of(api.ports.objects) })

test('a list that a thread folds is at every position as a fresh fold has it, Secrets and all', async () => {
  await writeHistory(api, 11, 40)
  await api.ports.reader.waitForHead(1000)
  const past = pastOf()
  const never = new AbortController().signal
  for await (const { position, list } of foldsOf(api)) {
    for (const resource of resources) {
      const found = past.at(position).scan(resource, { namespace: 'default' }, never)
      assert.deepEqual(
        await Array.fromAsync(found, ({ object }) => object),
        list(resource).map(({ object }) => object),
      )
    }
  }
})

test('who asks a thread for a list and goes ends it, and the next one is answered', async () => {
  const past = pastOf().at(api.ports.objects.position ?? 0n)
  const [resource] = resources
  assert.ok(resource)
  for (let n = 0; n < 3; n++) {
    const gone = new AbortController()
    const asked = Array.fromAsync(past.scan(resource, {}, gone.signal))
    gone.abort(new Error('gone'))
    await assert.rejects(asked, /gone/)
  }
  const all = await Array.fromAsync(past.scan(resource, {}, new AbortController().signal))
  assert.ok(all.length > 0)
})
