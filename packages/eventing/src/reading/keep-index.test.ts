import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordedEvent } from '../log/event.ts'
import type { Indexed, LogIndexStore } from '../log-index.ts'
import { silent } from '../logger.ts'
import { createMemoryEventLog } from '../memory/index.ts'
import { createTimerClock } from '../timers/timer-clock.ts'
import { keepIndex } from './keep-index.ts'

const metadata = {
  ...{ actor: { user: 'ada' }, verb: 'test', time: '2030-01-01T00:00:00Z' },
  $correlationId: 'c',
}

/** A log, and a reader that has applied all of it. */
function writtenLog() {
  const log = createMemoryEventLog()
  const listeners = new Set<(event: RecordedEvent) => void>()
  const positions: bigint[] = []
  const reader = {
    ready: Promise.resolve(),
    position: undefined as bigint | undefined,
    subscribe: (listener: (event: RecordedEvent) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const write = async (count: number) => {
    const events = Array.from({ length: count }, (_, each) => {
      return { id: `e-${positions.length + each}`, type: 'Tested', data: {}, metadata }
    })
    await log.append('tests-/a', 'Any', events)
    for await (const event of log.readAll({ after: reader.position })) {
      positions.push(event.position)
      reader.position = event.position
      for (const listener of listeners) listener(event)
    }
  }
  return { log, reader, listeners, positions, write }
}

/** An index that is open once it is told so, and tells when it has a position. */
function slowIndex() {
  const isOpen = Promise.withResolvers<void>()
  const entries: Indexed[] = []
  const awaited = new Map<bigint, () => void>()
  const index: LogIndexStore = {
    get upTo() {
      return entries.at(-1)?.position
    },
    open: () => isOpen.promise.then(() => true),
    async append(more) {
      entries.push(...more)
      for (const { position } of more) awaited.get(position)?.()
    },
    async *pages() {},
    lastBy: async () => undefined,
    close: async () => {},
  }
  const reached = (position: bigint) =>
    new Promise<void>((resolve) => {
      awaited.set(position, resolve)
      if ((index.upTo ?? -1n) >= position) resolve()
    })
  return { index, entries, open: isOpen.resolve, reached }
}

test('each event is indexed once and in order, also where more come meanwhile than wait in memory', async () => {
  const { log, reader, listeners, positions, write } = writtenLog()
  const { index, entries, open, reached } = slowIndex()
  await write(300)
  const stop = new AbortController()
  const about = { clock: createTimerClock(), logger: silent }
  const describe = () => ({ scope: 'all', mark: 0 })
  const keeping = keepIndex({ log, reader, index, ...about, describe }, stop.signal)
  while (listeners.size === 0) await Promise.resolve()
  for (let each = 0; each < 11; each++) await write(1000)
  open()
  await reached(positions.at(-1) ?? 0n)
  await write(7)
  await reached(positions.at(-1) ?? 0n)
  stop.abort()
  await keeping
  assert.deepEqual(
    entries.map(({ position }) => position),
    positions,
  )
  assert.equal(listeners.size, 0)
})

test('while nothing comes, nothing is looked at', async () => {
  const { log, reader, positions, write } = writtenLog()
  const { index, open, reached } = slowIndex()
  await write(1)
  open()
  const stop = new AbortController()
  const clock = createTimerClock()
  const sleeps: number[] = []
  const sleep = (ms: number, signal?: AbortSignal) => {
    sleeps.push(ms)
    return clock.sleep(ms, signal)
  }
  const about = { clock: { ...clock, sleep }, logger: silent }
  const describe = () => ({ scope: 'all', mark: 0 })
  const keeping = keepIndex({ log, reader, index, ...about, describe }, stop.signal)
  for (const count of [1, 5, 1]) {
    await reached(positions.at(-1) ?? 0n)
    await new Promise(setImmediate)
    const before = sleeps.length
    await write(count)
    await reached(positions.at(-1) ?? 0n)
    assert.equal(sleeps.length, before + 1)
  }
  stop.abort()
  await keeping
})
