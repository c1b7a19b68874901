import { streamDeleted } from '../protocol/errors.ts'
import type { ReadRequest } from '../protocol/read-request.ts'
import { streamNotFound } from '../protocol/read-responses.ts'
import type { Storage } from '../storage/storage.ts'
import type { StoredEvent } from '../storage/stored-event.ts'
import { firstVisible, isSoftDeleted } from '../storage/stream-limits.ts'
import type { StoredStream } from '../storage/streams.ts'
import { matches } from './filter.ts'
import type { Outlet } from './outlet.ts'
import type { Turns } from './turns.ts'

/** What serving a read needs. */
export interface Reading {
  readonly storage: Storage
  readonly clock: { now(): number }
  readonly outlet: Outlet
  readonly turns: Turns
}

/** Sends what is recorded now, up to the limit, and returns. */
export async function read(request: ReadRequest, reading: Reading): Promise<void> {
  if (request.type === 'All') return readAll(request, reading)
  return readStream(request, reading)
}

async function readStream(
  { stream: name, start, backwards, limit }: ReadRequest & { type: 'Stream' },
  reading: Reading,
): Promise<void> {
  const { storage, outlet, turns } = reading
  if (storage.streams.isTombstoned(name)) throw streamDeleted(name)
  const stream = storage.streams.find(name)
  if (stream === undefined || isSoftDeleted(stream.limits)) {
    await outlet.send(streamNotFound(name))
    return
  }
  // A read shows the stream as it was when the read began, however long it takes.
  const last = stream.lastRevision
  const first = firstVisible(stream.limits, last)
  let next = startRevision(start, backwards, first, last)
  let left = limit === 'Subscription' ? 0 : limit
  while (left > 0 && !outlet.closed) {
    await turns.next()
    const events = backwards
      ? storage.pages.backwards(stream, { from: next, to: first }, left)
      : storage.pages.forwards(stream, { from: next, to: last }, left)
    const newest = events.at(-1)
    if (newest === undefined) return
    next = newest.revision + (backwards ? -1 : 1)
    const wanted = events.filter((event) => isFresh(event, stream, reading))
    left -= await sendSome(wanted, left, reading)
  }
}

function startRevision(
  start: ReadRequest['start'],
  backwards: boolean,
  first: number,
  last: number,
): number {
  if (start === 'Start') return first
  if (start === 'End') return backwards ? last : last + 1
  return backwards ? Math.min(start, last) : Math.max(start, first)
}

/** Whether the stream's `$maxAge` still lets the event be seen. */
export function isFresh(
  event: StoredEvent,
  { limits }: StoredStream,
  { clock }: Pick<Reading, 'clock'>,
): boolean {
  return limits.maxAgeMs === undefined || event.created >= clock.now() - limits.maxAgeMs
}

async function readAll(
  { start, backwards, limit, filter }: ReadRequest & { type: 'All' },
  reading: Reading,
): Promise<void> {
  const { storage, outlet, turns } = reading
  const end = storage.head()
  let next = startPosition(start, backwards, end)
  let left = limit === 'Subscription' ? 0 : limit
  while (left > 0 && !outlet.closed) {
    await turns.next()
    // A filter may match few of many events.
    const rowsMax = filter === undefined ? left : undefined
    const events = backwards
      ? storage.pages.allBackwards(next, rowsMax)
      : storage.pages.allForwards(next, rowsMax)
    const newest = events.at(-1)
    if (newest === undefined) return
    const recorded = events.filter((event) => event.position <= end)
    left -= await sendSome(recorded, left, reading, (event) => matches(filter, event))
    if (!backwards && newest.position >= end) return
    next = backwards ? newest.position : newest.position + 1
  }
}

/** Forwards the position is included, backwards it is not, as in EventStoreDB. */
function startPosition(start: ReadRequest['start'], backwards: boolean, end: number): number {
  if (start === 'Start') return 0
  if (start === 'End') return end + 1
  return backwards ? Math.min(start, end + 1) : start
}

async function sendSome(
  events: readonly StoredEvent[],
  countMax: number,
  { outlet, turns }: Reading,
  isWanted: (event: StoredEvent) => boolean = () => true,
): Promise<number> {
  let sent = 0
  for (const event of events) {
    if (sent === countMax || outlet.closed) break
    if (turns.isOver()) await turns.next()
    if (!isWanted(event)) continue
    const wait = outlet.send(event.message)
    if (wait !== undefined) await wait
    sent++
  }
  return sent
}
