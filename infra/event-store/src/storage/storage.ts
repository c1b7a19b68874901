import type { DatabaseSync } from 'node:sqlite'
import type { ProposedEvent } from '../appending/proposed-event.ts'
import { encodeRecordedEvent, tombstoneRevision } from '../protocol/encode.ts'
import { scrubLog } from './database.ts'
import { EventPages } from './event-pages.ts'
import { RecentEvents } from './recent-events.ts'
import { RecentIds } from './recent-ids.ts'
import { type StoredStream, Streams } from './streams.ts'

/** The events in SQLite. Everything here is synchronous; a writer opens and ends transactions. */
export class Storage {
  readonly streams: Streams
  readonly pages: EventPages
  readonly #database: DatabaseSync
  readonly #statements: ReturnType<typeof statementsOf>
  readonly #recentEvents = new RecentEvents()
  readonly #recentIds: RecentIds
  #head: number
  #headBefore = 0

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#statements = statementsOf(database)
    this.streams = new Streams(database)
    this.pages = new EventPages(database, this.#recentEvents)
    this.#recentIds = new RecentIds(database)
    this.#head = this.#storedHead()
  }

  /** The position of the newest event, 0 before the first. */
  head(): number {
    return this.#head
  }

  /** The revision of the event with this id in the stream, if it was appended recently. */
  recentRevisionOf(of: StoredStream, id: Buffer): number | undefined {
    return this.#recentIds.revisionOf(of.id, id)
  }

  /** Adds an event after the stream's last one; returns its position. */
  append(to: StoredStream, event: ProposedEvent, createdMs: number): number {
    return this.#insert(to, event, { revision: to.lastRevision + 1, createdMs })
  }

  /** Adds the event that tombstones the stream. */
  appendTombstone(to: StoredStream, event: ProposedEvent, createdMs: number): number {
    return this.#insert(to, event, { revision: tombstoneRevision, createdMs })
  }

  eventAt(of: StoredStream, revision: number): { position: number; id: Buffer } | undefined {
    const row = this.#statements.atRevision.get(of.id, revision)
    if (row === undefined || !(row.id instanceof Uint8Array)) return undefined
    return { position: Number(row.position), id: Buffer.from(row.id) }
  }

  /** The first revision written at or after a time; none if all are older. */
  firstRevisionSince(of: StoredStream, timeMs: number): number | undefined {
    const row = this.#statements.firstSince.get(of.id, timeMs)
    return row === undefined ? undefined : Number(row.revision)
  }

  /** Removes a stream's events below a revision; returns whether there were any. */
  removeBefore(of: StoredStream, revision: number): boolean {
    const isRemoved = Number(this.#statements.removeBefore.run(of.id, revision).changes) > 0
    if (isRemoved) this.#recentEvents.clear()
    return isRemoved
  }

  begin(): void {
    this.#headBefore = this.#head
    this.#statements.begin.run()
  }

  commit(): void {
    this.#statements.commit.run()
  }

  /** Rolls back the transaction, also in what is cached. */
  rollback(): void {
    // First what needs no disk: whatever else fails, nobody may read what is not recorded.
    this.#head = this.#headBefore
    this.#recentEvents.clear()
    this.streams.reload()
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
    this.#recentIds.reload()
  }

  scrubLog(): void {
    scrubLog(this.#database)
  }

  close(): void {
    this.#database.close()
  }

  #insert(
    to: StoredStream,
    event: ProposedEvent,
    { revision, createdMs }: { revision: number; createdMs: number },
  ): number {
    const position = this.#head + 1
    const recording = { stream: to.name, revision, position, createdMs }
    const message = encodeRecordedEvent(event, recording)
    const { id, type } = event
    this.#statements.add.run(position, to.id, revision, createdMs, type, id, message)
    this.#head = position
    to.lastRevision = revision
    const created = createdMs
    this.#recentEvents.add({ position, revision, created, type, stream: to.name, message })
    this.#recentIds.add(to.id, id, revision)
    return position
  }

  #storedHead(): number {
    return Number(this.#statements.head.get()?.head ?? 0)
  }
}

const statementsOf = (database: DatabaseSync) => ({
  begin: database.prepare('BEGIN IMMEDIATE'),
  commit: database.prepare('COMMIT'),
  head: database.prepare('SELECT max(position) AS head FROM event'),
  add: database.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)'),
  atRevision: database.prepare('SELECT position, id FROM event WHERE stream = ? AND revision = ?'),
  firstSince: database.prepare(
    'SELECT revision FROM event WHERE stream = ? AND created >= ? ORDER BY revision LIMIT 1',
  ),
  removeBefore: database.prepare('DELETE FROM event WHERE stream = ? AND revision < ?'),
})
