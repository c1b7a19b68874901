import { type Column, columnNamed, type Row } from './table.ts'

/** Rows by a column (`-Name`: the other way round); as they came where there is none of that name. */
export function sortRows<T extends Row>(
  rows: readonly T[],
  columns: readonly Column[],
  by: string,
): readonly T[] {
  const isReverse = by.startsWith('-')
  const name = isReverse ? by.slice(1) : by
  const place = columnNamed(columns, name)
  if (place < 0) return rows
  const sign = isReverse ? -1 : 1
  const order =
    name === 'Age'
      ? (a: T, b: T) => (b.created < a.created ? -1 : b.created > a.created ? 1 : 0)
      : (a: T, b: T) => natural.compare(a.cells[place] ?? '', b.cells[place] ?? '')
  return rows.toSorted((a, b) => sign * order(a, b))
}

/** `web-10` after `web-9`. */
const natural = new Intl.Collator('en', { numeric: true })

/** What a click on a column's head makes of the order: by it, then the other way round, then as it came. */
export function nextOrder(by: string, column: string): string {
  if (by === column) return `-${column}`
  return by === `-${column}` ? '' : column
}
