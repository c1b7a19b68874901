import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryBus, createMemoryClock } from '../memory/index.ts'
import { decodeFrames, encodeFrames, type WireEntry } from './frames.ts'
import { GatheredFrames } from './gathered-frames.ts'

const entry = (position: number, bytes = 10): WireEntry => ({
  position: BigInt(position),
  previous: BigInt(position - 1),
  content: Buffer.alloc(bytes, position),
})

function gathered({ payloadBytesMax = 1024 } = {}) {
  const clock = createMemoryClock()
  const bus = createMemoryBus({ clock, payloadBytesMax })
  const messages: string[] = []
  bus.subscribe('wires.*', ({ subject, data }) => {
    const said = decodeFrames(data).map(
      ({ position, content }) => `${position}${content ? '' : '-'}`,
    )
    messages.push(`${subject} ${said}`)
  })
  return { clock, bus, messages, frames: new GatheredFrames({ bus, clock }) }
}

test('after quiet an entry goes with what the same turn brings, what follows within 3 ms together', async () => {
  const { clock, messages, frames } = gathered()
  frames.add('wires.a', entry(1))
  frames.add('wires.a', entry(2))
  await clock.advance(0)
  assert.deepEqual(messages, ['wires.a 1,2'])
  frames.add('wires.a', entry(3))
  await clock.advance(1)
  frames.add('wires.a', entry(4))
  frames.add('wires.b', entry(5))
  await clock.advance(1)
  assert.equal(messages.length, 1)
  await clock.advance(1)
  assert.deepEqual(messages.slice(1), ['wires.a 3,4', 'wires.b 5'])
  await clock.advance(10)
  frames.add('wires.b', entry(6))
  await clock.advance(0)
  assert.deepEqual(messages.slice(3), ['wires.b 6'])
})

test('what is said at once is not said again', async () => {
  const { clock, messages, frames } = gathered()
  frames.add('wires.a', entry(1))
  frames.flush()
  frames.flush()
  await clock.advance(5)
  assert.deepEqual(messages, ['wires.a 1'])
})

test('no message is larger than the wire carries, and an entry above that goes without content', async () => {
  const payloadBytesMax = encodeFrames([entry(1), entry(2)]).length
  const { clock, messages, frames } = gathered({ payloadBytesMax })
  for (const position of [1, 2, 3]) frames.add('wires.a', entry(position))
  frames.add('wires.a', entry(4, 1000))
  frames.add('wires.a', entry(5))
  await clock.advance(0)
  assert.deepEqual(messages, ['wires.a 1,2', 'wires.a 3,4-', 'wires.a 5'])
})

test('a clock that is set back holds nothing up', async () => {
  const { clock, bus, messages } = gathered()
  let now = 10_000
  const frames = new GatheredFrames({ bus, clock: { ...clock, now: () => now } })
  frames.add('wires.a', entry(1))
  await clock.advance(0)
  now = 0
  frames.add('wires.a', entry(2))
  await clock.advance(3)
  assert.deepEqual(messages, ['wires.a 1', 'wires.a 2'])
})

test('for a wire that takes nothing no more than a bound is kept', async () => {
  const { bus, frames } = gathered({ payloadBytesMax: 2 ** 24 })
  let bytes = 0
  bus.publish = (_, data) => {
    bytes += data.length
  }
  bus.flush = () => new Promise(() => {})
  for (let n = 1; n < 100; n++) {
    frames.add('wires.a', entry(n, 1024 * 1024))
    frames.flush()
  }
  assert.ok(bytes < 40 * 1024 * 1024)
})
