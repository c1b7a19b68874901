import { isLater } from '../moment/log-mark.ts'
import { type Row, rowOf, type Table, type TableRow } from './table.ts'

/** A line of the stream of several kinds' rows; of a bookmark or an error there is no row. */
export type RowEvent = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  object: Partial<TableRow> & { resource?: string; message?: string; code?: number }
}

/** The table with its rows in the order in which the API lists them, as `followTable` needs it. */
export const inOrder = (table: Table): Table => ({ ...table, rows: table.rows.toSorted(asListed) })

/**
 * The table after some events of its kind, which may be older than what it has already. Rows stay in their order, so
 * that each is found by halving: what has not changed costs next to nothing.
 */
export function followTable(table: Table, events: readonly RowEvent[]): Table {
  if (events.length === 0) return table
  const rows = [...table.rows]
  for (const { type, object } of events) {
    if (object.cells === undefined) continue
    const row = rowOf({ ...object, cells: object.cells }, table.withNamespace)
    const place = placeOf(rows, row)
    const there = rows[place]
    const known = there && asListed(there, row) === 0 ? there : undefined
    if (!isLater(row.version, known?.version ?? table.version)) continue
    if (type !== 'DELETED') rows.splice(place, known ? 1 : 0, row)
    // One that was made again under its name is another.
    else if (known?.uid === row.uid) rows.splice(place, 1)
  }
  return { ...table, rows }
}

/** Where a row stands, or would. */
function placeOf(rows: readonly Row[], row: Row): number {
  let [from, end] = [0, rows.length]
  while (from < end) {
    const middle = (from + end) >> 1
    const there = rows[middle]
    if (there && asListed(there, row) < 0) from = middle + 1
    else end = middle
  }
  return from
}

const asListed = (a: Row, b: Row): number =>
  compare(a.namespace, b.namespace) || compare(a.name, b.name)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
