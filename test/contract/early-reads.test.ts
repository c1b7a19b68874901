import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openEventStoreServer } from '@reckon/event-store'
import type { EventLog } from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'

let server: Awaited<ReturnType<typeof openEventStoreServer>>
let log: EventLog
before(async () => {
  server = await openEventStoreServer({ dataDir: ':memory:', host: '127.0.0.1', port: 0 })
  log = await openEventStore(server.url, { name: 'early-reads' })
})
after(async () => {
  await log.close()
  await server.close()
})

test('thousands of readers that stop early do not cost the connection', async () => {
  const metadata = { actor: { user: 'test' }, verb: 'test', time: '', $correlationId: 'c' }
  const events = Array.from({ length: 20 }, () => ({
    id: crypto.randomUUID(),
    type: 'Happened',
    data: {},
    metadata,
  }))
  await log.append('some-stream', 'NoStream', events)
  for (let n = 0; n < 2_500; n++) {
    for await (const { revision } of log.readStream('some-stream', {
      direction: 'backwards',
      limit: 10,
    })) {
      assert.equal(revision, 19n)
      break
    }
  }
  assert.notEqual(await log.head(), undefined)
})
