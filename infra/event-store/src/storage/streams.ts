import type { DatabaseSync } from 'node:sqlite'
import { decodeData, tombstoneRevision } from '../protocol/encode.ts'
import { parseLimits, type StreamLimits } from './stream-limits.ts'
import { TwoGenerations } from './two-generations.ts'

/** The part of a stream that writers need. */
export interface StoredStream {
  readonly id: number
  readonly name: string
  lastRevision: number
  limits: StreamLimits
}

const streamsCachedMax = 50_000

/** The prefix of the stream that holds a stream's metadata. */
const metastream = '$$'

/** The streams by name, with their numbers, ends and limits; those in use are cached. */
export class Streams {
  readonly #statements: ReturnType<typeof statementsOf>
  // `Absent`: the name has neither events nor metadata.
  readonly #cached = new TwoGenerations<StoredStream | 'Absent'>(streamsCachedMax)

  constructor(database: DatabaseSync) {
    this.#statements = statementsOf(database)
  }

  /** The stream of this name; undefined if nothing was ever written there. */
  find(name: string): StoredStream | undefined {
    const cached = this.#cached.get(name)
    if (cached === 'Absent') return undefined
    if (cached !== undefined) return cached
    const { find, last } = this.#statements
    const row = find.get(name)
    if (row === undefined) {
      if (find.get(metastream + name) === undefined) this.#cached.set(name, 'Absent')
      return undefined
    }
    const id = Number(row.id)
    return this.#remember(id, name, Number(last.get(id)?.revision ?? -1))
  }

  /** Makes a stream that does not exist yet. */
  add(name: string): StoredStream {
    const added = this.#remember(Number(this.#statements.add.run(name).lastInsertRowid), name, -1)
    // Now its base stream has metadata.
    const base = name.startsWith(metastream) ? name.slice(metastream.length) : undefined
    if (base !== undefined && this.#cached.get(base) === 'Absent') this.#cached.delete(base)
    return added
  }

  /** The data of the last `$metadata` event of a stream; a metadata stream has none itself. */
  metadataOf(name: string): Uint8Array | undefined {
    const { find, last } = this.#statements
    const found = name.startsWith(metastream) ? undefined : find.get(metastream + name)
    const newest = found === undefined ? undefined : last.get(Number(found.id))
    if (newest?.type !== '$metadata' || !(newest.message instanceof Uint8Array)) return undefined
    return decodeData(newest.message)
  }

  /** Whether the stream is tombstoned; its metadata stream is with it. */
  isTombstoned(name: string): boolean {
    return (
      this.find(name)?.lastRevision === tombstoneRevision ||
      (name.startsWith(metastream) &&
        this.find(name.slice(metastream.length))?.lastRevision === tombstoneRevision)
    )
  }

  /** Drops the cache after a rollback. */
  reload(): void {
    this.#cached.clear()
  }

  #remember(id: number, name: string, lastRevision: number): StoredStream {
    const limits = this.#cached.get(name) === 'Absent' ? {} : parseLimits(this.metadataOf(name))
    const found = { id, name, lastRevision, limits }
    this.#cached.set(name, found)
    return found
  }
}

const statementsOf = (database: DatabaseSync) => ({
  find: database.prepare('SELECT id FROM stream WHERE name = ?'),
  add: database.prepare('INSERT INTO stream (name) VALUES (?)'),
  last: database.prepare(
    'SELECT revision, type, message FROM event WHERE stream = ? ORDER BY revision DESC LIMIT 1',
  ),
})
