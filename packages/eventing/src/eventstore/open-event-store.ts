import {
  BACKWARDS,
  END,
  type EventStoreDBClient,
  FORWARDS,
  type ResolvedEvent,
  START,
  type StreamingRead,
} from '@eventstore/db-client'
import { StatusError } from '@reckon/kubernetes'
import type { NewEvent, RecordedEvent } from '../log/event.ts'
import type {
  Appended,
  CaughtUp,
  EventLog,
  Expected,
  LogSpan,
  StreamSpan,
} from '../log/event-log.ts'
import { refusalOf, unavailable, wrongExpected } from './client-errors.ts'
import { expectedRevisionOf, toEventData, toRecordedEvent } from './event-form.ts'
import { reachedEnd, readings } from './readings.ts'
import { StoreConnection } from './store-connection.ts'

export type EventStoreOptions = {
  /** The name of this connection in the store's own statistics. */
  name: string
  /** After this long without an answer a call fails. */
  timeoutMs?: number
}

/**
 * A larger append would exceed a gRPC message, and its failure would take other appends along. The store's own limit (1
 * MiB by default) is enforced by the store.
 */
const appendBytesMax = 3 * 1024 * 1024

/** Reads of at most this many events are drained to their end even if the reader stops earlier. */
const pageSize = 512

/**
 * Opens the log in EventStoreDB, or in the embedded event store that speaks its protocol; also while the store is away.
 */
export async function openEventStore(
  connectionString: string,
  { name, timeoutMs = 1500 }: EventStoreOptions,
): Promise<EventLog> {
  const connection = new StoreConnection(connectionString, { name, timeoutMs })
  await connection.warm()
  return new EventStoreLog(connection, timeoutMs)
}

/** The log over a connection to the store. */
class EventStoreLog implements EventLog {
  readonly #connection: StoreConnection
  readonly #timeoutMs: number

  constructor(connection: StoreConnection, timeoutMs: number) {
    this.#connection = connection
    this.#timeoutMs = timeoutMs
  }

  async append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    const eventData = encoded(events)
    const options = { expectedRevision: expectedRevisionOf(expected), deadline: this.#timeoutMs }
    return this.#connection.call(async (client) => {
      try {
        const done = await client.appendToStream(stream, eventData, options)
        if (done.position === undefined) throw new Error('the event store named no position')
        const { nextExpectedRevision: revision, position } = done
        return { recorded: true, revision, position: position.commit }
      } catch (error) {
        const actual = wrongExpected(error)
        if (actual === undefined) throw error
        return { recorded: false, actual }
      }
    })
  }

  readStream(
    stream: string,
    { direction = 'forwards', from, limit }: StreamSpan = {},
  ): AsyncIterable<RecordedEvent> {
    const forwards = direction === 'forwards'
    const open = (client: EventStoreDBClient) =>
      client.readStream(stream, {
        direction: forwards ? FORWARDS : BACKWARDS,
        fromRevision: from ?? (forwards ? START : END),
        ...(limit === undefined ? {} : { maxCount: limit }),
      })
    return this.#read(open, limit)
  }

  async *readAll({ after, from = after, limit }: LogSpan = {}): AsyncIterable<RecordedEvent> {
    let left = limit ?? Number.MAX_SAFE_INTEGER
    // The store's reads begin at a position, ours after it.
    const maxCount = left < Number.MAX_SAFE_INTEGER ? left + 1 : left
    const open = (client: EventStoreDBClient) =>
      client.readAll({ maxCount, fromPosition: from === undefined ? START : at(from) })
    for await (const event of this.#read(open, limit)) {
      if (after !== undefined && event.position <= after) continue
      if (left-- === 0) return
      yield event
    }
  }

  readAllBackwards(before?: bigint): AsyncIterable<RecordedEvent> {
    const fromPosition = before === undefined ? END : at(before)
    return this.#read((client) => client.readAll({ direction: BACKWARDS, fromPosition }))
  }

  async *follow(
    after: bigint | undefined,
    signal: AbortSignal,
  ): AsyncIterable<RecordedEvent | CaughtUp> {
    if (signal.aborted) return
    const connection = this.#connection
    connection.assertUsable()
    const { lost } = connection
    const stream = connection.client.subscribeToAll({
      fromPosition: after === undefined ? START : at(after),
    })
    // Pushed as an item, to keep its place: the client announces it before the events that it still
    // buffers.
    stream.on('caughtUp', () => stream.push(reachedEnd))
    const delivery = { stream, cancel: () => stream.unsubscribe() }
    const options = { timeouts: connection.timeouts, lost, done: signal }
    try {
      for await (const resolved of readings<ResolvedEvent>(delivery, options)) {
        const event = resolved === reachedEnd ? undefined : asRecordedEvent(resolved)
        if (event !== undefined) yield event
        else if (resolved === reachedEnd) yield { caughtUp: true }
      }
    } catch (error) {
      throw connection.failed(refusalOf(error, 'ServiceUnavailable') ?? error)
    }
    if (!signal.aborted)
      throw connection.failed(unavailable('the event store ended a subscription'))
  }

  async head(): Promise<bigint | undefined> {
    const options = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const
    let position: bigint | undefined
    for await (const event of this.#read((client) => client.readAll(options), 1)) {
      position = event.position
    }
    return position
  }

  async tombstone(stream: string): Promise<void> {
    await this.#connection.call(async (client) => {
      try {
        await client.tombstoneStream(stream, { deadline: this.#timeoutMs })
      } catch (error) {
        if (refusalOf(error, 'Timeout')?.reason !== 'Gone') throw error
      }
    })
  }

  async limitStream(stream: string, maxCount: number): Promise<void> {
    await this.#connection.call((client) =>
      client.setStreamMetadata(stream, { maxCount }, { deadline: this.#timeoutMs }),
    )
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  async *#read(
    open: (client: EventStoreDBClient) => StreamingRead<ResolvedEvent>,
    limit = Number.MAX_SAFE_INTEGER,
  ): AsyncIterable<RecordedEvent> {
    const connection = this.#connection
    connection.assertUsable()
    const stream = open(connection.client)
    const delivery = { stream, cancel: () => stream.cancel() }
    try {
      const { lost, timeouts } = connection
      const options = { timeouts, lost, isShort: limit <= pageSize }
      for await (const resolved of readings<ResolvedEvent>(delivery, options)) {
        const event = asRecordedEvent(resolved)
        if (event !== undefined) yield event
      }
    } catch (error) {
      const refusal = refusalOf(error, 'ServiceUnavailable')
      if (refusal !== undefined) throw connection.failed(refusal)
    }
  }
}

/** The events in the client's form. Refuses more than one append may carry. */
function encoded(events: readonly NewEvent[]) {
  if (events.length === 0) throw new Error('an append needs an event')
  const each = events.map(toEventData)
  const bytes = each.reduce((sum, { size }) => sum + size, 0)
  if (bytes > appendBytesMax) {
    const message = `${bytes} bytes are more than the event log records at once`
    throw new StatusError('RequestEntityTooLarge', message)
  }
  return each.map(({ eventData }) => eventData)
}

const asRecordedEvent = (resolved: ResolvedEvent | typeof reachedEnd): RecordedEvent | undefined =>
  resolved === reachedEnd || resolved.event === undefined
    ? undefined
    : toRecordedEvent(resolved.event)

const at = (position: bigint): { commit: bigint; prepare: bigint } => ({
  commit: position,
  prepare: position,
})
