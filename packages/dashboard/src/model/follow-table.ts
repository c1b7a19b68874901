import { isLater } from '../moment/log-mark.ts'
import { type Row, rowOf, type Table, type ToldRow } from './table.ts'

/** A line of the stream of several kinds' rows; of a bookmark or an error there is no row. */
export type RowEvent = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  object: Partial<ToldRow> & { resource?: string; message?: string; code?: number }
}

/**
 * The table after some events of its kind, which may be older than what it has already. Rows stay in the order in which
 * the API lists them.
 */
export function followTable(table: Table, events: readonly RowEvent[]): Table {
  const rows = new Map(table.rows.map((row) => [row.uid, row]))
  let isReordered = false
  for (const { type, object } of events) {
    if (object.cells === undefined) continue
    const row = rowOf({ ...object, cells: object.cells })
    const known = rows.get(row.uid)
    if (!isLater(row.version, known?.version ?? table.version)) continue
    if (type === 'DELETED') rows.delete(row.uid)
    else rows.set(row.uid, row)
    isReordered ||= known === undefined
  }
  const found = [...rows.values()]
  return { ...table, rows: isReordered ? found.sort(asListed) : found }
}

const asListed = (a: Row, b: Row): number =>
  compare(a.namespace, b.namespace) || compare(a.name, b.name)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
