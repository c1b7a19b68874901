import type { DatabaseSync } from 'node:sqlite'
import { decodeRecordedEvent } from '../protocol/decode-recorded-event.ts'
import { tombstoneRevision } from '../protocol/encode.ts'
import { scrubLog } from '../storage/database.ts'
import { type StoredStream, Streams } from '../storage/streams.ts'

/** So many events are written at once: each time costs the disk. */
const togetherMax = 4096

/** The log of another store in a file of its own: each event as it was stored, at the position that it had. */
export class CopiedLog {
  readonly #database: DatabaseSync
  readonly #streams: Streams
  readonly #statements: ReturnType<typeof statementsOf>
  #events = 0
  #head = 0
  #uncommitted = 0

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#streams = new Streams(database)
    this.#statements = statementsOf(database)
    this.#statements.begin.run()
  }

  get events(): number {
    return this.#events
  }

  /** The position of the last event; 0 while there is none. */
  get head(): number {
    return this.#head
  }

  /** Takes the next event, as its store sends it to readers. */
  add(message: Buffer): void {
    const { position, revision, createdMs, type, id, streamName } = decodeRecordedEvent(message)
    const stream = this.#streams.find(streamName) ?? this.#streams.add(streamName)
    this.#statements.add.run(position, stream.id, revision, createdMs, type, id, message)
    stream.lastRevision = revision
    this.#head = position
    this.#events += 1
    if (revision === tombstoneRevision) this.#removeBefore(stream)
    this.#uncommitted = (this.#uncommitted + 1) % togetherMax
    if (this.#uncommitted > 0) return
    this.#statements.commit.run()
    this.#statements.begin.run()
  }

  /** It was copied before its stream was ended, and its store has removed it by now. */
  #removeBefore(stream: StoredStream): void {
    for (const each of [stream, this.#streams.find(`$$${stream.name}`)]) {
      if (each === undefined) continue
      this.#events -= Number(this.#statements.remove.run(each.id, tombstoneRevision).changes)
    }
  }

  /** The file is whole after that. */
  close(): void {
    this.#statements.commit.run()
    scrubLog(this.#database)
    this.#database.close()
  }
}

const statementsOf = (database: DatabaseSync) => ({
  begin: database.prepare('BEGIN IMMEDIATE'),
  commit: database.prepare('COMMIT'),
  add: database.prepare(
    'INSERT INTO event (position, stream, revision, created, type, id, message) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ),
  remove: database.prepare('DELETE FROM event WHERE stream = ? AND revision < ?'),
})
