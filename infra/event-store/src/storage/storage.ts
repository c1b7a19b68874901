import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { ProposedEvent } from '../appending/proposed-event.ts'
import { decodeData, encodeRecordedEvent, tombstoneRevision } from '../protocol/encode.ts'
import { scrubLog } from './database.ts'
import { RecentIds } from './recent-ids.ts'
import { parseLimits, type StreamLimits } from './stream-limits.ts'
import { TwoGenerations } from './two-generations.ts'

/** A stream as far as a writer has to know it. */
export interface StoredStream {
  readonly id: number
  readonly name: string
  readonly nameBytes: Buffer
  lastRevision: number
  limits: StreamLimits
}

/** One row of a read: the position, and the `ReadResp` to send as it is. */
export interface StoredEvent {
  readonly position: number
  readonly revision: number
  readonly created: number
  readonly type: string
  readonly stream: string
  readonly message: Buffer
}

/** A read stops after this many bytes or rows, so that no reader holds more in memory. */
const pageBytesMax = 1 << 20
const pageRowsMax = 512
const streamsCachedMax = 50_000

/** How the name begins under which a stream's metadata stands. */
const metastream = '$$'

/** The events in SQLite. Everything here is synchronous; a writer opens and ends transactions. */
export type Storage = ReturnType<typeof createStorage>

/** Prepares the statements over an opened database. */
export function createStorage(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql)
  const begin = prepare('BEGIN IMMEDIATE')
  const commit = prepare('COMMIT')
  const findStream = prepare('SELECT id FROM stream WHERE name = ?')
  const findWithMetadata = prepare('SELECT id, name FROM stream WHERE name IN (?, ?)')
  const addStream = prepare('INSERT INTO stream (name) VALUES (?)')
  const addEvent = prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)')
  const lastOfStream = prepare(
    'SELECT position, revision, type, id, message FROM event WHERE stream = ? ORDER BY revision DESC LIMIT 1',
  )
  const atRevision = prepare('SELECT position, id FROM event WHERE stream = ? AND revision = ?')
  const firstSince = prepare(
    'SELECT revision FROM event WHERE stream = ? AND created >= ? ORDER BY revision LIMIT 1',
  )
  const removeBefore = prepare('DELETE FROM event WHERE stream = ? AND revision < ?')
  const columns = 'position, revision, created, type, name AS stream, message'
  const joined = `SELECT ${columns} FROM event JOIN stream ON stream.id = event.stream`
  const forwards = prepare(
    `${joined} WHERE event.stream = ? AND revision BETWEEN ? AND ? ORDER BY revision`,
  )
  const backwards = prepare(
    `${joined} WHERE event.stream = ? AND revision BETWEEN ? AND ? ORDER BY revision DESC`,
  )
  const allForwards = prepare(
    `SELECT ${columns} FROM event CROSS JOIN stream ON stream.id = event.stream WHERE position >= ? ORDER BY position`,
  )
  const allBackwards = prepare(
    `SELECT ${columns} FROM event CROSS JOIN stream ON stream.id = event.stream WHERE position < ? ORDER BY position DESC`,
  )

  // `Absent` is a name that has neither events nor metadata.
  const streams = new TwoGenerations<StoredStream | 'Absent'>(streamsCachedMax)
  const recentIds = new RecentIds(database)
  let head = readHead()

  function readHead(): number {
    return Number(prepare('SELECT max(position) AS head FROM event').get()?.head ?? 0)
  }

  function remember(id: number, name: string, lastRevision: number): StoredStream {
    const limits = streams.get(name) === 'Absent' ? {} : parseLimits(metadataOf(name))
    const found = { id, name, nameBytes: Buffer.from(name), lastRevision, limits }
    streams.set(name, found)
    return found
  }

  function stream(name: string): StoredStream | undefined {
    const cached = streams.get(name)
    if (cached === 'Absent') return undefined
    if (cached !== undefined) return cached
    const rows = findWithMetadata.all(name, metastream + name)
    const row = rows.find((each) => each.name === name)
    if (row === undefined) {
      if (rows.length === 0) streams.set(name, 'Absent')
      return undefined
    }
    const id = Number(row.id)
    return remember(id, name, Number(lastOfStream.get(id)?.revision ?? -1))
  }

  function addNew(name: string): StoredStream {
    const added = remember(Number(addStream.run(name).lastInsertRowid), name, -1)
    // What its name is the metadata of is no longer without.
    const base = name.startsWith(metastream) ? name.slice(metastream.length) : undefined
    if (base !== undefined && streams.get(base) === 'Absent') streams.delete(base)
    return added
  }

  /** The data of the last `$metadata` event of a stream; a metadata stream has none itself. */
  function metadataOf(name: string): Uint8Array | undefined {
    const found = name.startsWith(metastream) ? undefined : findStream.get(metastream + name)
    const last = found === undefined ? undefined : lastOfStream.get(Number(found.id))
    if (last?.type !== '$metadata' || !(last.message instanceof Uint8Array)) return undefined
    return decodeData(last.message)
  }

  function insert(to: StoredStream, event: ProposedEvent, revision: number, createdMs: number) {
    const position = head + 1
    const recording = { streamName: to.nameBytes, revision, position, createdMs }
    const message = encodeRecordedEvent(event, recording)
    addEvent.run(position, to.id, revision, createdMs, event.type, event.id, message)
    head = position
    to.lastRevision = revision
    recentIds.add(to.id, event.id, revision)
    return position
  }

  return {
    /** The position of the newest event, 0 before the first. */
    head: () => head,
    stream,
    metadataOf,
    recentRevisionOf: (streamId: number, id: Buffer) => recentIds.revisionOf(streamId, id),

    /** Whether the stream is dead for ever; its metadata stream dies with it. */
    isTombstoned: (name: string): boolean =>
      stream(name)?.lastRevision === tombstoneRevision ||
      (name.startsWith(metastream) &&
        stream(name.slice(metastream.length))?.lastRevision === tombstoneRevision),

    /** Makes a stream that does not exist yet. */
    addStream: addNew,

    /** Adds an event after the stream's last one; gives its position. */
    append: (to: StoredStream, event: ProposedEvent, createdMs: number): number =>
      insert(to, event, to.lastRevision + 1, createdMs),

    /** Adds the event after which the stream is dead for ever. */
    appendTombstone: (to: StoredStream, event: ProposedEvent, createdMs: number): number =>
      insert(to, event, tombstoneRevision, createdMs),

    eventAt(of: StoredStream, revision: number): { position: number; id: Buffer } | undefined {
      const row = atRevision.get(of.id, revision)
      if (row === undefined || !(row.id instanceof Uint8Array)) return undefined
      return { position: Number(row.position), id: Buffer.from(row.id) }
    },

    /** The first revision written at or after a time; none if all are older. */
    firstRevisionSince(of: StoredStream, timeMs: number): number | undefined {
      const row = firstSince.get(of.id, timeMs)
      return row === undefined ? undefined : Number(row.revision)
    },

    /** Removes a stream's events below a revision; says whether there were any. */
    removeBefore: (of: StoredStream, revision: number): boolean =>
      Number(removeBefore.run(of.id, revision).changes) > 0,

    /** A page of at most so many events, as are the other reads' answers. */
    readForwards: (of: StoredStream, range: { from: number; to: number }, rowsMax?: number) =>
      page(forwards.iterate(of.id, range.from, range.to), rowsMax),
    readBackwards: (of: StoredStream, range: { from: number; to: number }, rowsMax?: number) =>
      page(backwards.iterate(of.id, range.to, range.from), rowsMax),
    /** From a position on, this one included. */
    readAllForwards: (from: number, rowsMax?: number) => page(allForwards.iterate(from), rowsMax),
    /** From a position back, this one excluded. */
    readAllBackwards: (before: number, rowsMax?: number) =>
      page(allBackwards.iterate(before), rowsMax),

    begin: () => begin.run(),
    commit: () => commit.run(),
    /** Undoes the transaction, also in what is kept in memory. */
    rollback() {
      if (database.isTransaction) database.exec('ROLLBACK')
      streams.clear()
      recentIds.reload()
      head = readHead()
    },
    scrubLog: () => scrubLog(database),
    close: () => database.close(),
  }
}

function page(rows: Iterable<Record<string, SQLInputValue>>, rowsMax = pageRowsMax): StoredEvent[] {
  const countMax = Math.min(rowsMax, pageRowsMax)
  const events: StoredEvent[] = []
  let bytes = 0
  for (const row of rows) {
    const message = toBuffer(row.message)
    events.push({
      position: Number(row.position),
      revision: Number(row.revision),
      created: Number(row.created),
      type: String(row.type),
      stream: String(row.stream),
      message,
    })
    bytes += message.length
    if (bytes >= pageBytesMax || events.length >= countMax) break
  }
  return events
}

function toBuffer(value: SQLInputValue | undefined): Buffer {
  if (!(value instanceof Uint8Array)) throw new TypeError('a stored message is not binary')
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}
