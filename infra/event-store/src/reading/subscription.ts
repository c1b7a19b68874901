import { randomUUID } from 'node:crypto'
import { tombstoneRevision } from '../protocol/encode.ts'
import { streamDeleted } from '../protocol/errors.ts'
import type { ReadRequest } from '../protocol/read-request.ts'
import { caughtUp, checkpoint, confirmation } from '../protocol/read-responses.ts'
import type { StoredEvent } from '../storage/stored-event.ts'
import { firstVisible } from '../storage/stream-limits.ts'
import type { CommitSignal, Listener } from './commit-signal.ts'
import { matches } from './filter.ts'
import { isFresh, type Reading } from './read.ts'

/** A live subscriber that falls this many events behind is told when it has caught up again. */
const fallBehindEvents = 4096

/** The position of a subscription in what it follows. */
interface Follower {
  /** The recorded events after its position; none at the end. */
  next(): readonly StoredEvent[]
  wants(event: StoredEvent): boolean
  /** Called after each event; returns a checkpoint to send, if one is due. */
  considered(event: StoredEvent): Buffer | undefined
  /** The checkpoint at the end of catching up, if any. */
  caughtUp(): Buffer | undefined
}

/** Sends what is recorded and then what is appended, until the reader disconnects. */
export async function subscribe(
  request: ReadRequest,
  reading: Reading & { readonly signal: CommitSignal },
): Promise<void> {
  const { outlet, signal } = reading
  const listener = signal.listen(request.type === 'Stream' ? request.stream : undefined)
  outlet.onClose(() => listener.stop())
  try {
    const follower =
      request.type === 'Stream' ? followStream(request, reading) : followAll(request, reading)
    await outlet.send(confirmation(randomUUID()))
    await follow(follower, listener, reading)
  } finally {
    listener.stop()
  }
}

async function follow(
  follower: Follower,
  listener: Listener,
  { outlet, turns }: Reading,
): Promise<void> {
  let isLive = false
  let sinceLive = 0
  while (!outlet.closed) {
    await turns.next()
    const events = follower.next()
    for (const event of events) {
      if (outlet.closed) return
      if (turns.isOver()) await turns.next()
      const wait = follower.wants(event) ? outlet.send(event.message) : undefined
      if (wait !== undefined) await wait
      const due = follower.considered(event)
      if (due !== undefined) await outlet.send(due)
    }
    sinceLive += events.length
    if (sinceLive >= fallBehindEvents) isLive = false
    if (events.length > 0) continue
    sinceLive = 0
    if (!isLive) {
      isLive = true
      const last = follower.caughtUp()
      if (last !== undefined) await outlet.send(last)
      await outlet.send(caughtUp())
    }
    await listener.next()
  }
}

function followStream(
  { stream: name, start }: ReadRequest & { type: 'Stream' },
  reading: Reading,
): Follower {
  const { storage } = reading
  if (storage.streams.isTombstoned(name)) throw streamDeleted(name)
  let revision = typeof start === 'number' ? start : -1
  if (start === 'End') revision = storage.streams.find(name)?.lastRevision ?? -1
  return {
    next() {
      const stream = storage.streams.find(name)
      if (stream === undefined) return []
      if (revision === tombstoneRevision) throw streamDeleted(name)
      const { lastRevision, limits } = stream
      const first = lastRevision === tombstoneRevision ? 0 : firstVisible(limits, lastRevision)
      const from = Math.max(revision + 1, first)
      return from > lastRevision ? [] : storage.pages.forwards(stream, { from, to: lastRevision })
    },
    wants(event) {
      const stream = storage.streams.find(name)
      return stream === undefined || isFresh(event, stream, reading)
    },
    considered(event) {
      revision = event.revision
      return undefined
    },
    caughtUp: () => undefined,
  }
}

function followAll(
  { start, filter, checkpointInterval }: ReadRequest & { type: 'All' },
  { storage }: Reading,
): Follower {
  let position = typeof start === 'number' ? start : 0
  if (start === 'End') position = storage.head()
  let sinceCheckpoint = 0
  return {
    next: () => (position >= storage.head() ? [] : storage.pages.allForwards(position + 1)),
    wants: (event) => matches(filter, event),
    considered(event) {
      position = event.position
      if (filter === undefined || ++sinceCheckpoint < checkpointInterval) return undefined
      sinceCheckpoint = 0
      return checkpoint(position)
    },
    caughtUp: () => (filter === undefined || position === 0 ? undefined : checkpoint(position)),
  }
}
