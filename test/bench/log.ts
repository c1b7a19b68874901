/**
 * How fast the log and the wire are through the very adapters that the services use: the embedded event store (fsync
 * before each acknowledgement) and nats-server, each a process of its own, on loopback.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  createReader,
  type EventLog,
  type NewEvent,
  type Projection,
  type RecordedEvent,
  runRelay,
} from '@reckon/eventing'
import { openEventStore } from '@reckon/eventing/eventstore'
import { connectBus } from '@reckon/eventing/nats'
import { systemClock } from '@reckon/process'
import { eventStoreProcess } from '../contract/event-store-process.ts'
import { natsServer } from '../contract/nats-server.ts'

const secondsEach = 3
const historyEvents = 100_000
const latencySamples = 500

/** An event of some 400 bytes, as a status change is. */
const event = (): NewEvent => ({
  id: randomUUID(),
  type: 'PodStatusChanged',
  data: { patch: [{ op: 'replace', path: '/status/phase', value: 'Running' }] },
  metadata: {
    actor: { user: 'system:node:node-1', groups: ['system:nodes'] },
    verb: 'patch',
    time: new Date().toISOString(),
    $correlationId: randomUUID(),
    $causationId: randomUUID(),
  },
})

const percentile = (sorted: readonly number[], part: number): string =>
  `${(sorted[Math.floor(sorted.length * part)] ?? Number.NaN).toFixed(2)} ms`

async function benchAppends(log: EventLog, concurrency: number): Promise<void> {
  const latencies: number[] = []
  const end = performance.now() + secondsEach * 1000
  const writer = async (): Promise<void> => {
    while (performance.now() < end) {
      const start = performance.now()
      await log.append(`pods-bench/${randomUUID()}`, 'NoStream', [event()])
      latencies.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, writer))
  latencies.sort((a, b) => a - b)
  const rate = Math.round(latencies.length / secondsEach)
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)]
  console.log(`append, ${concurrency} at once: ${rate}/s, p50 ${p50}, p99 ${p99}`)
}

async function benchBatches(log: EventLog): Promise<void> {
  const start = performance.now()
  const batches = historyEvents / 100
  let next = 0
  const writer = async (): Promise<void> => {
    while (next++ < batches) {
      const events = Array.from({ length: 100 }, event)
      await log.append(`pods-bench/${randomUUID()}`, 'NoStream', events)
    }
  }
  await Promise.all(Array.from({ length: 8 }, writer))
  const seconds = (performance.now() - start) / 1000
  console.log(`append, 100 events each, 8 at once: ${Math.round(historyEvents / seconds)} events/s`)
}

async function benchReadAll(log: EventLog): Promise<void> {
  const start = performance.now()
  let count = 0
  for await (const _ of log.readAll()) count++
  const seconds = (performance.now() - start) / 1000
  console.log(`readAll, ${count} events: ${Math.round(count / seconds)}/s`)
}

/** From before the append until a view that is fed by NATS has applied the event. */
async function benchLatency(log: EventLog, natsUrl: string): Promise<void> {
  const stop = new AbortController()
  const { signal } = stop
  const relayBus = await connectBus({ servers: natsUrl, name: 'bench-relay' })
  const bus = await connectBus({ servers: natsUrl, name: 'bench-reader' })
  const clock = systemClock
  const seenAt = new Map<string, number>()
  const view: Projection = {
    position: undefined,
    apply: ({ id }: RecordedEvent) => seenAt.set(id, performance.now()),
  }
  const reader = createReader({ log, bus, clock }, [view])
  const runs = [runRelay({ log, bus: relayBus, clock }, { signal }), reader.run(signal)]
  await reader.ready
  await sleep(2500)
  const latencies: number[] = []
  for (let n = 0; n < latencySamples; n++) {
    const one = event()
    const start = performance.now()
    const appended = await log.append(`pods-bench/${randomUUID()}`, 'NoStream', [one])
    if (!appended.recorded) throw new Error('a fresh stream refused an event')
    await reader.waitFor(appended.position, 5000)
    latencies.push((seenAt.get(one.id) ?? Number.NaN) - start)
    await sleep(2)
  }
  stop.abort()
  await Promise.all(runs)
  await Promise.all([bus.close(), relayBus.close()])
  latencies.sort((a, b) => a - b)
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)]
  console.log(`append → NATS → view: p50 ${p50}, p99 ${p99}`)
}

const store = await eventStoreProcess()
const nats = await natsServer()
await Promise.all([store.start(), nats.start()])
const log = await openEventStore(store.url, { name: 'bench', timeoutMs: 10_000 })
try {
  for (const concurrency of [1, 32, 256]) await benchAppends(log, concurrency)
  await benchBatches(log)
  await benchReadAll(log)
  await benchLatency(log, nats.url)
} finally {
  await log.close()
  await nats.kill()
  await store.remove()
}
