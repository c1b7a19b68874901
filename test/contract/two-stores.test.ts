import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openEventStore } from '@reckon/eventing/eventstore'
import { isRefusal } from '@reckon/kubernetes'
import { type EventStoreProcess, eventStoreProcess } from './event-store-process.ts'

let stores: readonly [EventStoreProcess, EventStoreProcess]
before(async () => {
  stores = [await eventStoreProcess(), await eventStoreProcess()]
  await Promise.all(stores.map((store) => store.start()))
})
after(() => Promise.all(stores.map((store) => store.remove())))

const event = () => ({
  id: randomUUID(),
  type: 'SampleChanged',
  data: {},
  metadata: { actor: { user: 'two' }, verb: 'test', time: '', $correlationId: randomUUID() },
})

test('a store that breaks takes no append to another store along', async () => {
  const [broken, healthy] = await Promise.all(
    stores.map((store) => openEventStore(store.url, { name: 'two' })),
  )
  assert.ok(broken && healthy)
  const stream = () => `samples-two/${randomUUID()}`
  stores[0].signal('SIGSTOP')
  stores[1].signal('SIGSTOP')
  const lost = Array.from({ length: 20 }, () => broken.append(stream(), 'NoStream', [event()]))
  const kept = Array.from({ length: 20 }, () => healthy.append(stream(), 'NoStream', [event()]))
  const refused = Promise.all(
    lost.map((append) => assert.rejects(append, (error) => isRefusal(error, 'Timeout'))),
  )
  await stores[0].kill()
  await refused
  stores[1].signal('SIGCONT')
  for (const { recorded } of await Promise.all(kept)) assert.ok(recorded)
  assert.ok((await healthy.append(stream(), 'NoStream', [event()])).recorded)
  await broken.close()
  await healthy.close()
})
