import { randomUUID } from 'node:crypto'
import { StatusError } from '@reckon/kubernetes'
import type { RecordedEvent } from '../log/event.ts'
import type { EventLog } from '../log/event-log.ts'
import { MemoryStreams } from './memory-streams.ts'

/** What would be random: where positions begin, and the ids of the store's own events. */
export type MemoryEventLogOptions = { firstPosition?: bigint; nextId?: () => string }

/**
 * The in-memory twin of the log. Stricter than a real store where both behaviours are allowed: positions begin above
 * 2^53, limits and tombstones remove at once, and events are frozen, because all views share them.
 */
export function createMemoryEventLog(options: MemoryEventLogOptions = {}): EventLog {
  const { firstPosition = 2n ** 53n + 1_037n, nextId = randomUUID } = options
  const streams = new MemoryStreams({ firstPosition, nextId })
  const closing = new AbortController()
  const assertOpen = (): void => {
    if (closing.signal.aborted) {
      throw new StatusError('ServiceUnavailable', 'the event log is closed')
    }
  }
  const readAll: EventLog['readAll'] = async function* ({
    from = 0n,
    after = from - 1n,
    limit = Infinity,
  } = {}) {
    await undefined
    assertOpen()
    const end = streams.lastPosition
    let position = after
    for (let count = 0; count < limit; count++) {
      const event = streams.after(position)
      if (event === undefined || event.position > end) return
      position = event.position
      yield event
    }
  }
  return {
    async append(name, expected, events) {
      assertOpen()
      if (events.length === 0) throw new Error('an append needs an event')
      return streams.append(name, expected, events)
    },
    async *readStream(name, { direction = 'forwards', from, limit = Infinity } = {}) {
      await undefined
      assertOpen()
      const forwards = direction === 'forwards'
      const isWithin = ({ revision }: RecordedEvent) =>
        from === undefined || (forwards ? revision >= from : revision <= from)
      const events = streams.eventsOf(name).filter(isWithin)
      yield* (forwards ? events : events.reverse()).slice(0, limit)
    },
    readAll,
    async *readAllBackwards(before) {
      const isWanted = ({ position }: RecordedEvent) => before === undefined || position < before
      yield* (await Array.fromAsync(readAll())).filter(isWanted).reverse()
    },
    async *follow(after, signal) {
      const over = AbortSignal.any([signal, closing.signal])
      let position = after ?? -1n
      while (!signal.aborted) {
        for await (const event of readAll({ after: position })) {
          if (signal.aborted) return
          position = event.position
          yield event
        }
        if (streams.after(position) !== undefined) continue
        yield { caughtUp: true }
        if (streams.after(position) === undefined) await nextRecorded(streams, over)
      }
    },
    async head() {
      assertOpen()
      return streams.newest?.position
    },
    async tombstone(name) {
      assertOpen()
      streams.tombstone(name)
    },
    async limitStream(name, maxCount) {
      assertOpen()
      streams.limit(name, maxCount)
    },
    async close() {
      closing.abort()
    },
  }
}

/** Resolves at the next event, or when the signal aborts. */
function nextRecorded(streams: MemoryStreams, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const wake = (): void => {
      end()
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const end = streams.onRecorded(wake)
    signal.addEventListener('abort', wake)
  })
}
