import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  createFollower,
  createReader,
  type EventLog,
  type Projection,
  Relay,
} from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { connectBus } from '@reckon/eventing/nats'
import { systemClock, systemIds } from '@reckon/process'
import { type EventStoreProcess, eventStoreProcess } from './event-store-process.ts'
import { type NatsServer, natsServer } from './nats-server.ts'

let store: EventStoreProcess
let nats: NatsServer
let log: EventLog
before(async () => {
  ;[store, nats] = await Promise.all([eventStoreProcess(), natsServer()])
  await Promise.all([store.start(), nats.start()])
  log = await openEventStore(store.url, { name: 'wire-and-log' })
})
after(async () => {
  await log.close()
  await nats.kill()
  await store.remove()
})

const append = async (): Promise<bigint> => {
  const id = randomUUID()
  const metadata = { actor: { user: 'wire' }, verb: 'test', time: '', $correlationId: id }
  const event = { id, type: 'SampleChanged', data: {}, metadata }
  const appended = await log.append(`samples-wire/${id}`, 'NoStream', [event])
  assert.ok(appended.recorded)
  return appended.position
}

test('a view keeps up while the wire goes and comes, and while the store does', async () => {
  const stop = new AbortController()
  const relayBus = await connectBus({ servers: nats.url, name: 'relay' })
  const bus = await connectBus({ servers: nats.url, name: 'reader' })
  const ids: string[] = []
  const view: Projection = {
    position: undefined,
    apply: ({ id }) => {
      ids.push(id)
    },
  }
  const clock = systemClock
  await append()
  const reader = createReader({ log, bus, clock }, [view])
  const feeding = { log, bus: relayBus, clock, ids: systemIds }
  const follower = createFollower(feeding, [])
  const relay = new Relay({ ...feeding, reader: follower })
  const runs = [follower, relay, reader].map((each) => each.run(stop.signal))
  await reader.ready
  assert.ok(await reader.waitFor(await append(), 3000))

  await nats.kill()
  assert.ok(await reader.waitFor(await append(), 3000))
  await sleep(2500)
  // By now the log itself is read live.
  const start = performance.now()
  assert.ok(await reader.waitFor(await append(), 3000))
  assert.ok(performance.now() - start < 1000)
  await nats.start()
  for (let n = 0; n < 50; n++) await append()
  assert.ok(await reader.waitForHead(3000))

  await store.kill()
  await store.start()
  let appended: bigint | undefined
  while (appended === undefined) {
    appended = await append().catch(() => undefined)
    await sleep(20)
  }
  assert.ok(await reader.waitFor(appended, 3000))

  const recorded = await Array.fromAsync(log.readAll())
  await reader.waitForHead(3000)
  assert.deepEqual(
    ids,
    recorded.map(({ id }) => id),
  )
  stop.abort()
  await Promise.all(runs)
  await Promise.all([bus.close(), relayBus.close()])
})
