import { StatusError } from '@reckon/kubernetes'
import { firstAfter } from '../first-after.ts'
import type { NewEvent, RecordedEvent } from '../log/event.ts'
import { encodeData } from '../log/event-data.ts'
import type { Appended, Expected } from '../log/event-log.ts'
import { frozen } from './frozen.ts'

/** What EventStoreDB accepts in one append by default. */
const appendBytesMax = 1024 * 1024
/** The revision of EventStoreDB's tombstone events. */
const tombstoneRevision = 2n ** 63n - 1n

type Stream = {
  events: RecordedEvent[]
  last: bigint | 'NoStream'
  /** Where each id was recorded, including removed events, so that a repeated append is recorded once. */
  recorded: Map<string, { revision: bigint; position: bigint }>
  countMax: number
  ended: boolean
}

/** The recorded events: by stream, and all in one order. */
export class MemoryStreams {
  readonly #nextId: () => string
  readonly #all: RecordedEvent[] = []
  readonly #streams = new Map<string, Stream>()
  readonly #listeners = new Set<() => void>()
  #lastPosition: bigint

  constructor(options: { firstPosition: bigint; nextId: () => string }) {
    this.#nextId = options.nextId
    this.#lastPosition = options.firstPosition - 1n
  }

  /** The position of the last event ever recorded, even if it was removed. */
  get lastPosition(): bigint {
    return this.#lastPosition
  }

  get newest(): RecordedEvent | undefined {
    return this.#all.at(-1)
  }

  /** The first event after a position. */
  after(position: bigint): RecordedEvent | undefined {
    return this.#all[firstAfter(this.#all, position)]
  }

  eventsOf(name: string): readonly RecordedEvent[] {
    const stream = this.#streams.get(name)
    assertNotEnded(name, stream)
    return stream?.events ?? []
  }

  append(name: string, expected: Expected, events: readonly NewEvent[]): Appended {
    const stream = this.#of(name)
    assertNotEnded(name, stream)
    assertSize(events)
    const already = repeated(stream, expected, events)
    if (already !== undefined) return already
    if (expected !== 'Any' && expected !== stream.last)
      return { recorded: false, actual: stream.last }
    for (const { id, type, data, metadata } of events) {
      const revision: bigint = stream.last === 'NoStream' ? 0n : stream.last + 1n
      const event = this.#record(frozen({ id, type, stream: name, revision, data, metadata }))
      stream.events.push(event)
      stream.last = revision
      stream.recorded.set(id, { revision, position: event.position })
    }
    this.#enforceLimit(stream)
    return { recorded: true, revision: stream.last as bigint, position: this.#lastPosition }
  }

  tombstone(name: string): void {
    const stream = this.#of(name)
    if (stream.ended) return
    for (const event of stream.events.splice(0)) this.#remove(event)
    stream.ended = true
    this.#recordSystemEvent('$streamDeleted', name, tombstoneRevision)
  }

  limit(name: string, countMax: number): void {
    const stream = this.#of(name)
    assertNotEnded(name, stream)
    stream.countMax = countMax
    this.#recordSystemEvent('$metadata', `$$${name}`)
    this.#enforceLimit(stream)
  }

  /** Calls back after each event; returns how to end it. */
  onRecorded(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #of(name: string): Stream {
    const known = this.#streams.get(name)
    if (known !== undefined) return known
    const recorded = new Map()
    const stream: Stream = {
      events: [],
      last: 'NoStream',
      recorded,
      countMax: Infinity,
      ended: false,
    }
    this.#streams.set(name, stream)
    return stream
  }

  /** Positions grow by uneven steps, as byte offsets in a log file do. */
  #record(event: Omit<RecordedEvent, 'position'>): RecordedEvent {
    const { length } = this.#all
    this.#lastPosition += length === 0 ? 1n : 89n + BigInt((length * 31) % 97)
    const recorded = { ...event, position: this.#lastPosition }
    this.#all.push(recorded)
    for (const listener of [...this.#listeners]) listener()
    return recorded
  }

  #recordSystemEvent(type: string, name: string, revision?: bigint): void {
    const stream = this.#of(name)
    const next = revision ?? (stream.last === 'NoStream' ? 0n : stream.last + 1n)
    stream.last = next
    const nothing = { data: undefined, metadata: undefined }
    this.#record({ id: this.#nextId(), type, stream: name, revision: next, ...nothing })
  }

  #enforceLimit({ events, countMax }: Stream): void {
    for (const event of events.splice(0, Math.max(0, events.length - countMax))) this.#remove(event)
  }

  #remove(event: RecordedEvent): void {
    this.#all.splice(firstAfter(this.#all, event.position - 1n), 1)
  }
}

function assertNotEnded(name: string, stream: Stream | undefined): void {
  if (stream?.ended) throw new StatusError('Gone', `stream "${name}" is tombstoned`)
}

/** EventStoreDB's rule for a repeated append: if all ids are in place, it succeeds with the original outcome. */
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
