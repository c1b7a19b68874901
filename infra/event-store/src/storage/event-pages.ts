import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { RecentEvents } from './recent-events.ts'
import type { StoredEvent } from './stored-event.ts'

/** A read stops after this many bytes or rows, so that no reader holds more in memory. */
const pageBytesMax = 1 << 20
const pageRowsMax = 512

type Stream = { readonly id: number }
type Revisions = { readonly from: number; readonly to: number }

/** Reads events page by page. */
export class EventPages {
  readonly #statements: ReturnType<typeof statementsOf>
  readonly #recent: Pick<RecentEvents, 'from'>

  constructor(database: DatabaseSync, recent: Pick<RecentEvents, 'from'>) {
    this.#statements = statementsOf(database)
    this.#recent = recent
  }

  /** Events of a stream, the oldest first. */
  forwards({ id }: Stream, { from, to }: Revisions, rowsMax?: number): readonly StoredEvent[] {
    return page(this.#statements.forwards.iterate(id, from, to), rowsMax)
  }

  /** Events of a stream, the newest first; the range is given newest first, too. */
  backwards({ id }: Stream, { from, to }: Revisions, rowsMax?: number): readonly StoredEvent[] {
    return page(this.#statements.backwards.iterate(id, to, from), rowsMax)
  }

  /** From a position on, this one included. */
  allForwards(from: number, rowsMax?: number): readonly StoredEvent[] {
    const recent = this.#recent.from(from)?.slice(0, rowsMax)
    return recent ?? page(this.#statements.allForwards.iterate(from), rowsMax)
  }

  /** From a position back, this one excluded. */
  allBackwards(before: number, rowsMax?: number): readonly StoredEvent[] {
    return page(this.#statements.allBackwards.iterate(before), rowsMax)
  }
}

const columns = 'position, revision, created, type, name AS stream, message'
const ofStream = `SELECT ${columns} FROM event JOIN stream ON stream.id = event.stream WHERE event.stream = ?`
const ofAll = `SELECT ${columns} FROM event CROSS JOIN stream ON stream.id = event.stream`

const statementsOf = (database: DatabaseSync) => ({
  forwards: database.prepare(`${ofStream} AND revision BETWEEN ? AND ? ORDER BY revision`),
  backwards: database.prepare(`${ofStream} AND revision BETWEEN ? AND ? ORDER BY revision DESC`),
  allForwards: database.prepare(`${ofAll} WHERE position >= ? ORDER BY position`),
  allBackwards: database.prepare(`${ofAll} WHERE position < ? ORDER BY position DESC`),
})

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
