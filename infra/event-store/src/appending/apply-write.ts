import { randomUUID } from 'node:crypto'
import { type AppendedTo, tombstoneRevision } from '../protocol/encode.ts'
import type { Storage } from '../storage/storage.ts'
import {
  firstRetained,
  isSoftDeleted,
  parseLimits,
  softDeleteMetadata,
  withTruncateBefore,
} from '../storage/stream-limits.ts'
import type { StoredStream } from '../storage/streams.ts'
import { checkCommit, type ExpectedRevision, type StreamHistory } from './commit-check.ts'
import type { ProposedEvent } from './proposed-event.ts'

/** What a client asks to be written. */
export type Write = { readonly stream: string; readonly expected: ExpectedRevision } & (
  | { readonly type: 'Append'; readonly events: readonly ProposedEvent[] }
  | { readonly type: 'Delete' }
  | { readonly type: 'Tombstone' }
)

/** The outcome of a write. */
export type WriteOutcome =
  | ({ readonly type: 'Written' } & AppendedTo)
  | { readonly type: 'WrongExpectedVersion'; readonly current: number }
  | { readonly type: 'StreamDeleted' }

/** What the writer needs to know of a write besides its outcome. */
export interface WriteEffects {
  /** Streams with new events. */
  readonly touched: Set<string>
  /** Events were removed, so the write-ahead log has to be scrubbed of them. */
  scrubbed: boolean
}

interface Turn {
  readonly storage: Storage
  readonly nowMs: number
  readonly effects: WriteEffects
}

const metastream = '$$'

/** Carries out one write inside the open transaction. */
export function applyWrite(write: Write, turn: Turn): WriteOutcome {
  const { storage } = turn
  if (storage.streams.isTombstoned(write.stream)) return { type: 'StreamDeleted' }
  const stream = storage.streams.find(write.stream)
  const events = write.type === 'Append' ? write.events : [systemEvent('$streamDeleted', '')]
  const history = historyOf(write.stream, stream, storage)
  const check = checkCommit(
    write.expected,
    events.map((event) => event.id),
    history,
  )
  switch (check.type) {
    case 'Append':
      break
    case 'AlreadyRecorded':
      return { type: 'Written', ...recordedAt(check.lastRevision, stream, storage) }
    default:
      return check
  }
  if (write.type === 'Append') return append(stream, write, turn)
  if (write.type === 'Tombstone') return tombstone(write.stream, events, turn)
  if (stream === undefined && !history.hasMetadata()) {
    return { type: 'WrongExpectedVersion', current: -1 }
  }
  return writeMetadata(write.stream, softDeleteMetadata, turn)
}

function historyOf(
  name: string,
  stream: StoredStream | undefined,
  storage: Storage,
): StreamHistory {
  return {
    lastRevision: stream?.lastRevision ?? -1,
    deleted: deletedOf(stream),
    hasMetadata: () => storage.streams.find(metastream + name) !== undefined,
    recentRevisionOf: (id) =>
      stream === undefined ? undefined : storage.recentRevisionOf(stream, id),
    idAt: (revision) => (stream === undefined ? undefined : storage.eventAt(stream, revision)?.id),
  }
}

function deletedOf(stream: StoredStream | undefined): StreamHistory['deleted'] {
  if (stream === undefined) return 'No'
  if (stream.lastRevision === tombstoneRevision) return 'Hard'
  return isSoftDeleted(stream.limits) ? 'Soft' : 'No'
}

function recordedAt(
  lastRevision: number,
  stream: StoredStream | undefined,
  storage: Storage,
): AppendedTo {
  const event = stream === undefined ? undefined : storage.eventAt(stream, lastRevision)
  return { lastRevision, position: event?.position }
}

function append(
  found: StoredStream | undefined,
  { stream: name, events }: Write & { type: 'Append' },
  turn: Turn,
): WriteOutcome {
  const { storage, nowMs, effects } = turn
  if (events.length === 0) {
    return { type: 'Written', lastRevision: found?.lastRevision ?? -1, position: undefined }
  }
  const stream = found ?? storage.streams.add(name)
  const wasLast = stream.lastRevision
  let position = 0
  for (const event of events) position = storage.append(stream, event, nowMs)
  effects.touched.add(name)
  if (name.startsWith(metastream)) applyMetadata(name.slice(2), turn)
  else if (isSoftDeleted(stream.limits)) undelete(name, wasLast, turn)
  enforceLimits(stream, turn)
  return { type: 'Written', lastRevision: stream.lastRevision, position }
}

/** New metadata takes effect at once, but events hidden by a soft delete stay hidden. */
function applyMetadata(base: string, turn: Turn): void {
  const stream = turn.storage.streams.find(base)
  if (stream === undefined) return
  const wasDeleted = isSoftDeleted(stream.limits)
  stream.limits = parseLimits(turn.storage.streams.metadataOf(base))
  if (wasDeleted && !isSoftDeleted(stream.limits)) undelete(base, stream.lastRevision, turn)
  enforceLimits(stream, turn)
}

function undelete(name: string, wasLast: number, turn: Turn): void {
  const metadata = withTruncateBefore(turn.storage.streams.metadataOf(name), wasLast + 1)
  writeMetadata(name, metadata, turn)
}

/** Writes `$metadata` without `append`, which would undo the very deletion that this makes. */
function writeMetadata(name: string, metadata: string, turn: Turn): WriteOutcome {
  const { storage, nowMs, effects } = turn
  const meta = storage.streams.find(metastream + name) ?? storage.streams.add(metastream + name)
  const position = storage.append(meta, systemEvent('$metadata', metadata), nowMs)
  effects.touched.add(meta.name)
  const stream = storage.streams.find(name)
  if (stream !== undefined) {
    stream.limits = parseLimits(Buffer.from(metadata))
    enforceLimits(stream, turn)
  }
  return { type: 'Written', lastRevision: meta.lastRevision, position }
}

/** Removes from the file what the limits hide. */
function enforceLimits(stream: StoredStream, { storage, nowMs, effects }: Turn): void {
  const { limits, lastRevision } = stream
  let first = firstRetained(limits, lastRevision)
  if (limits.maxAgeMs !== undefined) {
    const fresh = storage.firstRevisionSince(stream, nowMs - limits.maxAgeMs) ?? lastRevision
    first = Math.max(first, fresh)
  }
  if (first > 0 && storage.removeBefore(stream, first)) effects.scrubbed = true
}

/** Ends the stream for ever, and removes its events. */
function tombstone(name: string, events: readonly ProposedEvent[], turn: Turn): WriteOutcome {
  const { storage, nowMs, effects } = turn
  const stream = storage.streams.find(name) ?? storage.streams.add(name)
  const meta = storage.streams.find(metastream + name)
  let position = 0
  for (const event of events) position = storage.appendTombstone(stream, event, nowMs)
  storage.removeBefore(stream, tombstoneRevision)
  if (meta !== undefined) storage.removeBefore(meta, tombstoneRevision)
  effects.touched.add(name)
  effects.scrubbed = true
  return { type: 'Written', lastRevision: tombstoneRevision, position }
}

function systemEvent(type: string, data: string): ProposedEvent {
  return {
    id: Buffer.from(randomUUID().replaceAll('-', ''), 'hex'),
    type,
    contentType: type === '$metadata' ? 'application/json' : 'application/octet-stream',
    metadata: Buffer.alloc(0),
    data: Buffer.from(data),
  }
}
