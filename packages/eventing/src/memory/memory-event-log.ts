import { randomUUID } from 'node:crypto'
import { StatusError } from '@reckon/kubernetes'
import type { NewEvent, RecordedEvent } from '../event.ts'
import { encodeData } from '../event-data.ts'
import type { Appended, CaughtUp, EventLog, Expected } from '../event-log.ts'
import { frozen } from './frozen.ts'

/** What EventStoreDB accepts in one append by default. */
const appendBytesMax = 1024 * 1024
/** The revision that EventStoreDB gives to the event that ends a stream. */
const tombstoneRevision = 2n ** 63n - 1n

type Stream = {
  events: RecordedEvent[]
  last: bigint | 'NoStream'
  /** Where each id was recorded, also of events that are gone: a repeated append is recorded once. */
  recorded: Map<string, { revision: bigint; position: bigint }>
  countMax: number
  ended: boolean
}

/** What the twin leaves to chance: where its positions begin, and the ids of the store's own events. */
export type MemoryEventLogOptions = { firstPosition?: bigint; nextId?: () => string }

/**
 * The twin of the log: same rules, in memory. Harsher than a real store where both are allowed: positions begin above 2^53,
 * limits and tombstones remove at once, and events are frozen, since every view shares them.
 */
export function createMemoryEventLog(options: MemoryEventLogOptions = {}): EventLog {
  const nextId = options.nextId ?? randomUUID
  const all: RecordedEvent[] = []
  const streams = new Map<string, Stream>()
  const waiting = new Set<() => void>()
  let lastPosition = (options.firstPosition ?? 2n ** 53n + 1_037n) - 1n
  let closed = false

  const streamOf = (name: string): Stream => {
    let stream = streams.get(name)
    if (stream === undefined) {
      stream = {
        events: [],
        last: 'NoStream',
        recorded: new Map(),
        countMax: Infinity,
        ended: false,
      }
      streams.set(name, stream)
    }
    return stream
  }

  const assertOpen = (): void => {
    if (closed) throw new StatusError('ServiceUnavailable', 'the event log is closed')
  }

  const assertNotEnded = (name: string, stream: Stream | undefined): void => {
    if (stream?.ended) throw new StatusError('Gone', `stream "${name}" is tombstoned`)
  }

  /** Positions grow by uneven steps, as those of a log file do. */
  const record = (event: Omit<RecordedEvent, 'position'>): RecordedEvent => {
    const step = all.length === 0 ? 1n : 89n + BigInt((all.length * 31) % 97)
    lastPosition += step
    const recorded = { ...event, position: lastPosition }
    all.push(recorded)
    for (const wake of [...waiting]) wake()
    return recorded
  }

  const remove = (event: RecordedEvent): void => {
    all.splice(firstAfter(all, event.position - 1n), 1)
  }

  const enforceLimit = (stream: Stream): void => {
    while (stream.events.length > stream.countMax) remove(stream.events.shift() as RecordedEvent)
  }

  const recordSystemEvent = (type: string, name: string, revision?: bigint): void => {
    const stream = streamOf(name)
    const next = revision ?? (stream.last === 'NoStream' ? 0n : stream.last + 1n)
    stream.last = next
    record({
      id: nextId(),
      type,
      stream: name,
      revision: next,
      data: undefined,
      metadata: undefined,
    })
  }

  const append = (name: string, expected: Expected, events: readonly NewEvent[]): Appended => {
    const stream = streamOf(name)
    assertNotEnded(name, stream)
    assertSize(events)
    const already = repeated(stream, expected, events)
    if (already !== undefined) return already
    if (expected !== 'Any' && expected !== stream.last)
      return { recorded: false, actual: stream.last }
    for (const { id, type, data, metadata } of events) {
      const revision: bigint = stream.last === 'NoStream' ? 0n : stream.last + 1n
      const event = record(frozen({ id, type, stream: name, revision, data, metadata }))
      stream.events.push(event)
      stream.last = revision
      stream.recorded.set(id, { revision, position: event.position })
    }
    enforceLimit(stream)
    return { recorded: true, revision: stream.last as bigint, position: lastPosition }
  }

  async function* readAll(
    after: bigint | undefined,
    limit = Infinity,
  ): AsyncIterable<RecordedEvent> {
    await undefined
    assertOpen()
    let position = after ?? -1n
    const end = lastPosition
    for (let count = 0; count < limit; count++) {
      const event = all[firstAfter(all, position)]
      if (event === undefined || event.position > end) return
      position = event.position
      yield event
    }
  }

  return {
    async append(name, expected, events) {
      assertOpen()
      if (events.length === 0) throw new Error('an append needs an event')
      return append(name, expected, events)
    },

    async *readStream(name, { direction = 'forwards', from, limit = Infinity } = {}) {
      await undefined
      assertOpen()
      const stream = streams.get(name)
      assertNotEnded(name, stream)
      const forwards = direction === 'forwards'
      const events = (stream?.events ?? []).filter(
        ({ revision }) => from === undefined || (forwards ? revision >= from : revision <= from),
      )
      yield* (forwards ? events : events.reverse()).slice(0, limit)
    },

    readAll: ({ after, limit } = {}) => readAll(after, limit),

    async *follow(after, signal): AsyncIterable<RecordedEvent | CaughtUp> {
      let position = after
      while (!signal.aborted) {
        for await (const event of readAll(position)) {
          if (signal.aborted) return
          position = event.position
          yield event
        }
        if (lastPosition > (position ?? -1n) && firstAfter(all, position ?? -1n) < all.length)
          continue
        yield { caughtUp: true }
        if (firstAfter(all, position ?? -1n) < all.length) continue
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake)
            signal.removeEventListener('abort', wake)
            resolve()
          }
          if (signal.aborted || closed) return resolve()
          waiting.add(wake)
          signal.addEventListener('abort', wake)
        })
      }
    },

    async head() {
      assertOpen()
      return all.at(-1)?.position
    },

    async tombstone(name) {
      assertOpen()
      const stream = streamOf(name)
      if (stream.ended) return
      for (const event of stream.events.splice(0)) remove(event)
      stream.ended = true
      recordSystemEvent('$streamDeleted', name, tombstoneRevision)
    },

    async limitStream(name, maxCount) {
      assertOpen()
      const stream = streamOf(name)
      assertNotEnded(name, stream)
      stream.countMax = maxCount
      recordSystemEvent('$metadata', `$$${name}`)
      enforceLimit(stream)
    },

    async close() {
      closed = true
      for (const wake of [...waiting]) wake()
    },
  }
}

/** EventStoreDB's rule for an append that was made before: all of its ids in place is success, with the old outcome. */
function repeated(
  stream: Stream,
  expected: Expected,
  events: readonly NewEvent[],
): Appended | undefined {
  const old = events.map(({ id }) => stream.recorded.get(id))
  const known = old.filter((place) => place !== undefined)
  if (expected === 'Any') {
    if (old[0] === undefined) return undefined
    if (known.length < events.length) return { recorded: false, actual: stream.last }
    return { recorded: true, ...(known.at(-1) as { revision: bigint; position: bigint }) }
  }
  if (stream.last === 'NoStream' || expected === stream.last) return undefined
  const first = expected === 'NoStream' ? 0n : expected + 1n
  const inPlace = old.every((place, index) => place?.revision === first + BigInt(index))
  if (!inPlace) return { recorded: false, actual: stream.last }
  return { recorded: true, ...(known.at(-1) as { revision: bigint; position: bigint }) }
}

function assertSize(events: readonly NewEvent[]): void {
  let bytes = 0
  for (const { type, data, metadata } of events) {
    bytes += encodeData(data).size + JSON.stringify(metadata).length + 2 * type.length
  }
  if (bytes > appendBytesMax) {
    throw new StatusError(
      'RequestEntityTooLarge',
      `${bytes} bytes are more than the ${appendBytesMax} that the event log records at once`,
    )
  }
}

/** The index of the first event after a position. */
function firstAfter(events: readonly RecordedEvent[], position: bigint): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((events[middle] as RecordedEvent).position > position) high = middle
    else low = middle + 1
  }
  return low
}
