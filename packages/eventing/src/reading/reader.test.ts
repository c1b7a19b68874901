import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal, StatusError } from '@reckon/kubernetes'
import { Random } from '@reckon/kubernetes/random'
import { sampleEvent } from '../contract/sample-event.ts'
import type { RecordedEvent } from '../log/event.ts'
import type { EventLog } from '../log/event-log.ts'
import { silent } from '../logger.ts'
import {
  createMemoryClock,
  createMemoryEventLog,
  createMemoryHub,
  createMemorySnapshots,
  type Envelope,
} from '../memory/index.ts'
import type { SnapshotStore } from '../snapshots.ts'
import { Relay } from '../wire/relay.ts'
import { createFollower, createReader } from './create-reader.ts'
import type { Projection } from './projection.ts'

/** Remembers every event, and that they came in order. */
class Journal implements Projection {
  position: bigint | undefined
  ids: string[] = []
  apply(event: RecordedEvent): void {
    assert.ok(this.position === undefined || event.position > this.position, 'out of order')
    this.position = event.position
    this.ids.push(event.id)
  }
  snapshot(): Iterable<unknown> {
    return [{ position: String(this.position) }, ...this.ids.map((id) => ({ id }))]
  }
  restore(record: unknown): void {
    const saved = record as { position: string } | { id: string }
    if ('id' in saved) this.ids.push(saved.id)
    else this.position = BigInt(saved.position)
  }
}

/** A log that can be taken away, and that counts what it is asked. */
function attended(log: EventLog) {
  const state = { away: false, asked: 0 }
  const assertThere = (): void => {
    state.asked++
    if (state.away) throw new StatusError('ServiceUnavailable', 'away')
  }
  const wrapped: EventLog = {
    ...log,
    readAll(options) {
      assertThere()
      return log.readAll(options)
    },
    readStream(stream, options) {
      assertThere()
      return log.readStream(stream, options)
    },
    async *follow(after, signal) {
      assertThere()
      for await (const next of log.follow(after, signal)) {
        if (state.away) throw new StatusError('ServiceUnavailable', 'away')
        yield next
      }
    },
    async head() {
      assertThere()
      return log.head()
    },
  }
  return { log: wrapped, state }
}

type Faults = (
  handOver: () => void,
  envelope: Envelope,
  sleep: (ms: number) => Promise<void>,
) => void

/** A log, its relay, a wire with these faults, and a reader of it. */
function world(faults: Faults = (handOver) => queueMicrotask(handOver)) {
  const clock = createMemoryClock()
  const current = { faults }
  const hub = createMemoryHub({
    clock,
    payloadBytesMax: 64 * 1024,
    deliver: (handOver, envelope) => current.faults(handOver, envelope, (ms) => clock.sleep(ms)),
  })
  const truth = createMemoryEventLog()
  const stop = new AbortController()
  const relayBus = hub.connect('relay')
  const running: Promise<void>[] = []
  const start = (options: Parameters<typeof createReader>[2] = {}, log: EventLog = truth) => {
    const journal = new Journal()
    const own = new AbortController()
    const bus = hub.connect('reader')
    const reader = createReader({ log, bus, clock }, [journal], options)
    const run = reader.run(AbortSignal.any([stop.signal, own.signal]))
    const end = async (): Promise<void> => {
      own.abort()
      await run
    }
    return { journal, reader, bus, run, end }
  }
  let count = 0
  return {
    clock,
    hub,
    truth,
    relayBus,
    current,
    start,
    relay(log: EventLog = truth, id = 'relay') {
      const bus = hub.connect(id)
      const reader = createFollower({ log, bus, clock }, [])
      const relay = new Relay({ reader, bus, clock, ids: { next: () => id, below: () => 0 } })
      running.push(reader.run(stop.signal), relay.run(stop.signal))
      return { relay, reader, bus }
    },
    append: (data: unknown = {}) =>
      truth.append(`samples-a/${count++ % 5}`, 'Any', [sampleEvent(data)]),
    async ids() {
      return (await Array.fromAsync(truth.readAll())).map(({ id }) => id)
    },
    async end() {
      stop.abort()
      await Promise.all(running)
      await clock.advance(1000)
    },
  }
}

test('applies what is there, then what comes over the wire, at once', async () => {
  const it = world()
  await it.append()
  it.relay()
  const { journal, reader } = it.start()
  await it.clock.advance(0)
  await reader.ready
  await it.append()
  await it.clock.advance(0)
  assert.deepEqual(journal.ids, await it.ids())
  assert.equal(reader.position, await it.truth.head())
  assert.equal(reader.lagMs, 0)
  await it.end()
})

test('the last message before a silence is repaired within 2 s', async () => {
  const it = world()
  it.relay()
  const { journal } = it.start()
  await it.clock.advance(5000)
  it.current.faults = (handOver, { subject }) => {
    if (subject.startsWith('head')) queueMicrotask(handOver)
  }
  await it.append()
  await it.clock.advance(2000)
  assert.deepEqual(journal.ids, await it.ids())
  await it.end()
})

test('without a wire the log itself is read, live, until the wire is back', async () => {
  const it = world()
  it.relay()
  const { journal, bus } = it.start()
  await it.clock.advance(5000)
  bus.lose()
  await it.clock.advance(2500)
  for (let n = 0; n < 20; n++) {
    await it.append()
    await it.clock.advance(100)
    assert.deepEqual(journal.ids, await it.ids())
  }
  bus.find()
  await it.clock.advance(3000)
  await it.append()
  await it.clock.advance(0)
  assert.deepEqual(journal.ids, await it.ids())
  await it.end()
})

test('an idle reader asks the log nothing', async () => {
  const it = world()
  await it.append()
  it.relay()
  const { log, state } = attended(it.truth)
  const { journal } = it.start({}, log)
  await it.clock.advance(5000)
  const { asked } = state
  await it.clock.advance(60_000)
  assert.equal(state.asked, asked)
  assert.equal(journal.ids.length, 1)
  await it.end()
})

test('without the log a reader keeps what it has, and goes on by itself', async () => {
  const it = world()
  const { log, state } = attended(it.truth)
  it.relay(log)
  const { journal, reader } = it.start({}, log)
  await it.append()
  await it.clock.advance(1000)
  state.away = true
  await assert.rejects(reader.waitForHead(1000), (error) => isRefusal(error, 'ServiceUnavailable'))
  await it.append()
  await it.clock.advance(60_000)
  assert.ok(journal.ids.length >= 1)
  state.away = false
  await it.append()
  await it.clock.advance(2000)
  assert.deepEqual(journal.ids, await it.ids())
  await it.end()
})

test('a reader that starts without the log waits for it', async () => {
  const it = world()
  const { log, state } = attended(it.truth)
  state.away = true
  await it.append()
  const { journal } = it.start({}, log)
  await it.clock.advance(10_000)
  assert.deepEqual(journal.ids, [])
  state.away = false
  await it.clock.advance(1000)
  assert.deepEqual(journal.ids, await it.ids())
  await it.end()
})

test('waits for a position, and says when it takes too long', async () => {
  const it = world()
  it.relay()
  const { reader } = it.start()
  await it.clock.advance(0)
  const appended = await it.append()
  assert.ok(appended.recorded)
  const inTime = reader.waitFor(appended.position, 3000)
  const atHead = reader.waitForHead(3000)
  const tooLate = reader.waitFor(appended.position + 1n, 3000)
  await it.clock.advance(3000)
  assert.deepEqual(await Promise.all([inTime, atHead, tooLate]), [true, true, false])
  await it.end()
})

test('an event too large for the wire is taken from the log', async () => {
  const it = world()
  it.relay()
  const { journal } = it.start()
  await it.clock.advance(1000)
  await it.append({ text: 'x'.repeat(200_000) })
  await it.append()
  await it.clock.advance(0)
  assert.deepEqual(journal.ids, await it.ids())
  await it.end()
})

test('a message that is none of the wire’s is passed over', async () => {
  const it = world()
  it.relay()
  const { journal } = it.start()
  await it.clock.advance(1000)
  const stranger = it.hub.connect()
  stranger.publish('events.all', Buffer.from('nonsense'))
  stranger.publish('head.events', Buffer.from('nonsense'))
  await it.append()
  await it.clock.advance(1000)
  assert.deepEqual(journal.ids, await it.ids())
  await it.end()
})

test('what a projection throws ends the reader', async () => {
  const it = world()
  it.relay()
  const reader = createReader({ log: it.truth, bus: it.hub.connect(), clock: it.clock }, [
    {
      position: undefined,
      apply() {
        throw new Error('broken')
      },
    },
  ])
  const failed = assert.rejects(reader.run(new AbortController().signal), /broken/)
  await it.clock.advance(1000)
  await it.append()
  await it.clock.advance(1000)
  await failed
  await it.end()
})

test('a snapshot spares the history', async () => {
  const it = world()
  const snapshots = { store: createMemorySnapshots(), name: 'journal' }
  for (let n = 0; n < 10; n++) await it.append()
  const first = it.start({ snapshots })
  await it.clock.advance(0)
  await first.end()
  await it.append()
  let read = 0
  const counting: EventLog = {
    ...it.truth,
    async *readAll(options) {
      for await (const event of it.truth.readAll(options)) {
        read++
        yield event
      }
    },
  }
  const second = it.start({ snapshots }, counting)
  await it.clock.advance(0)
  assert.equal(read, 1)
  assert.deepEqual(second.journal.ids, await it.ids())
  await it.end()
})

test('a snapshot of another log, or ahead of its log, is not used', async () => {
  const store = createMemorySnapshots()
  const snapshots = { store, name: 'journal' }
  const there = world()
  for (let n = 0; n < 3; n++) await there.append()
  const first = there.start({ snapshots })
  await there.clock.advance(0)
  await first.end()
  await there.end()
  const here = world()
  await here.append()
  const second = here.start({ snapshots })
  await here.clock.advance(0)
  assert.deepEqual(second.journal.ids, await here.ids())
  await here.end()
})

test('a snapshot that is damaged is said to be, and the views are rebuilt', async () => {
  const it = world()
  await it.append()
  const store: SnapshotStore = { ...createMemorySnapshots(), load: async () => 'Damaged' }
  const said: string[] = []
  const logger = { ...silent, warn: (_: object, text: string) => void said.push(text) }
  const { journal, end } = it.start({ snapshots: { store, name: 'journal' }, logger })
  await it.clock.advance(0)
  await end()
  assert.deepEqual(journal.ids, await it.ids())
  assert.deepEqual(said, ['the snapshot is not as it was written; the views are rebuilt'])
  await it.end()
})

test('a snapshot holds though the store has dropped its newest event', async () => {
  const it = world()
  const snapshots = { store: createMemorySnapshots(), name: 'journal' }
  await it.append()
  await it.truth.append('leases-a/x', 'NoStream', [sampleEvent()])
  const first = it.start({ snapshots })
  await it.clock.advance(0)
  await first.end()
  const before = first.journal.ids
  await it.truth.limitStream('leases-a/x', 1)
  await it.truth.append('leases-a/x', 0n, [sampleEvent()])
  const second = it.start({ snapshots })
  await it.clock.advance(0)
  assert.deepEqual(second.journal.ids.slice(0, 2), before)
  assert.equal(second.journal.ids.length, 4)
  await it.end()
})

for (let seed = 1; seed <= 25; seed++) {
  test(`whatever the wire does, every event is applied once and in order (seed ${seed})`, async () => {
    const random = new Random(seed)
    const loss = random.next() * 0.4
    const it = world((handOver, _envelope, sleep) => {
      const late = (): void => {
        if (random.chance(0.3)) void sleep(random.next() * 400).then(handOver)
        else queueMicrotask(handOver)
      }
      if (random.next() >= loss) late()
      if (random.chance(0.2)) late()
    })
    const { log, state } = attended(it.truth)
    it.relay(log, 'one')
    it.relay(log, 'two')
    const { journal, reader, bus } = it.start({}, log)
    for (let n = 0; n < 60; n++) {
      if (random.chance(0.05)) state.away = !state.away
      if (random.chance(0.05)) bus.lose()
      if (random.chance(0.1)) bus.find()
      for (let burst = random.next() * 4; burst > 0; burst--) await it.append()
      if (random.chance(0.1)) await it.truth.limitStream('samples-a/1', 2)
      await it.clock.advance(random.next() * 500)
      assert.ok((reader.position ?? 0n) <= ((await it.truth.head()) ?? 0n))
      assert.equal(journal.position, reader.position)
    }
    state.away = false
    bus.find()
    it.current.faults = (handOver) => queueMicrotask(handOver)
    await it.clock.advance(3000)
    assert.equal(reader.position, await it.truth.head())
    assert.equal(reader.lagMs, 0)
    const applied = new Set(journal.ids)
    assert.equal(applied.size, journal.ids.length)
    for (const id of await it.ids()) assert.ok(applied.has(id))
    await it.end()
  })
}
