import type { DatabaseSync } from 'node:sqlite'
import { TwoGenerations } from './two-generations.ts'

const idsMax = 65_536

/** How many are read back at the start: retries of what was interrupted come soon or never. */
const idsReadBackMax = 16_384

/**
 * The ids of the newest events, by stream, so that a repeated append without an expected revision is recognised.
 * Bounded, as in EventStoreDB: a much later repetition is a new append.
 */
export class RecentIds {
  readonly #revisions = new TwoGenerations<number>(idsMax)
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.reload()
  }

  add(streamId: number, id: Buffer, revision: number): void {
    this.#revisions.set(`${streamId} ${id.toString('latin1')}`, revision)
  }

  revisionOf(streamId: number, id: Buffer): number | undefined {
    return this.#revisions.get(`${streamId} ${id.toString('latin1')}`)
  }

  /** Reads them back from the store: at the start, or after a rollback. */
  reload(): void {
    this.#revisions.clear()
    const newest = this.#database.prepare(
      'SELECT stream, revision, id FROM event ORDER BY position DESC LIMIT ?',
    )
    for (const { stream, revision, id } of newest.all(idsReadBackMax).reverse()) {
      if (id instanceof Uint8Array) this.add(Number(stream), Buffer.from(id), Number(revision))
    }
  }
}
