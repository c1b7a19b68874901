import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleEvent } from '../contract/sample-event.ts'
import {
  createMemoryClock,
  createMemoryEventLog,
  createMemoryHub,
  type MemoryBus,
} from '../memory/index.ts'
import { createFollower } from '../reading/create-reader.ts'
import { decodeFrames } from './frames.ts'
import { Relay } from './relay.ts'
import { trustedEvents } from './wire.ts'

/** A log, its wire, and whatever relays are started; what they say, by connection. */
function world() {
  const clock = createMemoryClock()
  const hub = createMemoryHub({ clock })
  const log = createMemoryEventLog()
  const stopAll = new AbortController()
  const runs: Promise<void>[] = []
  const said: { by: string; positions: bigint[]; isFirst: boolean }[] = []
  const relay = (id: string) => {
    const bus: MemoryBus = hub.connect(id)
    const publish = bus.publish.bind(bus)
    bus.publish = (subject, data) => {
      publish(subject, data)
      if (subject !== trustedEvents) return
      const entries = decodeFrames(data)
      const positions = entries.map(({ position }) => position)
      said.push({ by: id, positions, isFirst: entries[0]?.previous === undefined })
    }
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, stopAll.signal])
    const reader = createFollower({ log, bus, clock }, [])
    const relay = new Relay({ reader, bus, clock, ids: { next: () => id, below: () => 0 } })
    runs.push(reader.run(signal), relay.run(signal))
    return { relay, bus, stop }
  }
  const append = () => log.append('samples-a/b', 'Any', [sampleEvent()])
  const active = (relays: readonly { relay: Relay }[]) => relays.map(({ relay }) => relay.isActive)
  const end = async () => {
    stopAll.abort()
    await clock.advance(0)
    await Promise.all(runs)
  }
  return { clock, log, said, relay, append, active, end }
}

test('what was recorded before a relay started is not said; all of it from then on is, in few messages', async () => {
  const it = world()
  await it.append()
  it.relay('a')
  await it.clock.advance(100)
  assert.equal(it.said.length, 0)
  await Promise.all(Array.from({ length: 50 }, it.append))
  await it.clock.advance(10)
  const positions = (await Array.fromAsync(it.log.readAll())).map(({ position }) => position)
  assert.deepEqual(
    it.said.flatMap((each) => each.positions),
    positions.slice(1),
  )
  assert.ok(it.said.length <= 2, `${it.said.length} messages`)
  await it.end()
})

test('the first event of a log follows nothing', async () => {
  const it = world()
  it.relay('a')
  await it.clock.advance(100)
  await it.append()
  await it.clock.advance(0)
  assert.deepEqual(
    it.said.map(({ isFirst }) => isFirst),
    [true],
  )
  await it.end()
})

test('of two relays the one with the lower id goes on, whichever came first', async () => {
  const it = world()
  await it.append()
  const b = it.relay('b')
  await it.clock.advance(1500)
  const c = it.relay('c')
  await it.clock.advance(1500)
  assert.deepEqual(it.active([b, c]), [true, false])
  const a = it.relay('a')
  await it.clock.advance(1500)
  assert.deepEqual(it.active([a, b, c]), [true, false, false])
  it.said.length = 0
  await it.append()
  await it.clock.advance(60_000)
  assert.deepEqual(
    it.said.map(({ by }) => by),
    ['a'],
  )
  await it.end()
})

test('when the active relay falls silent one that stands by takes over within seconds, and one alone remains', async () => {
  const it = world()
  await it.append()
  const [a, b, c] = [it.relay('a'), it.relay('b'), it.relay('c')]
  await it.clock.advance(3000)
  assert.deepEqual(it.active([a, b, c]), [true, false, false])
  a.stop.abort()
  await it.clock.advance(5000)
  assert.deepEqual(it.active([b, c]), [true, false])
  it.said.length = 0
  await it.append()
  await it.clock.advance(0)
  assert.deepEqual(
    it.said.map(({ by }) => by),
    ['b'],
  )
  await it.end()
})

test('relays that cannot hear each other all speak, and agree again when they can', async () => {
  const it = world()
  await it.append()
  const [a, b] = [it.relay('a'), it.relay('b')]
  await it.clock.advance(3000)
  b.bus.lose()
  await it.clock.advance(5000)
  assert.deepEqual(it.active([a, b]), [true, true])
  b.bus.find()
  await it.clock.advance(1500)
  assert.deepEqual(it.active([a, b]), [true, false])
  await it.end()
})
