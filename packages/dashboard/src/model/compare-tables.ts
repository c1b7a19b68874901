import { type Column, columnNamed, type Row, type Table } from './table.ts'

export type Change = 'same' | 'added' | 'removed' | 'changed'

/** A row at the later moment, or one that is gone by then; one that is compared with nothing tells no change. */
export type ComparedRow = Row & {
  readonly change?: Change
  /** What each cell was where it is otherwise now. */
  readonly was?: readonly (string | undefined)[]
}

export type ComparedTable = {
  readonly columns: readonly Column[]
  readonly rows: readonly ComparedRow[]
  /** How many rows more there are that have not come yet. */
  readonly rest?: number
}

/** Time alone changes these. */
const aging = ['Age', 'Last Schedule']

/** Of `3 (5m ago)` time alone changes the end. */
const ageless = (cell: string | undefined): string | undefined => cell?.replace(/ \(\S+ ago\)$/, '')

/**
 * What differs between two tables of a kind: by the identity of objects, so that one that was made again under its name
 * is one gone and one new. What is gone stands where it stood.
 */
export function compareTables(before: Table, now: Table): ComparedTable {
  const columns = now.columns.length > 0 ? now.columns : before.columns
  const places = columns.map(({ name }) => columnNamed(before.columns, name))
  const isAging = columns.map(({ name }) => aging.includes(name))
  const former = new Map(before.rows.map((row) => [row.uid, row]))
  const present = new Set(now.rows.map(({ uid }) => uid))
  const compared = now.rows.map((row): ComparedRow => {
    const then = former.get(row.uid)
    const was = columns.map((_, index) => {
      const old = then?.cells[places[index] ?? -1]
      return isAging[index] || ageless(old) === ageless(row.cells[index]) ? undefined : old
    })
    if (then === undefined) return { ...row, change: 'added', was }
    return { ...row, change: was.some((each) => each !== undefined) ? 'changed' : 'same', was }
  })
  const gone = before.rows
    .filter(({ uid }) => !present.has(uid))
    .map((row): ComparedRow => {
      const cells = places.map((place) => row.cells[place] ?? '')
      return { ...row, cells, change: 'removed', was: [] }
    })
  return { columns, rows: inOrder([...compared, ...gone]) }
}

/** The rows that are there at the later moment: all of those that are compared with nothing. */
export const presentIn = (rows: readonly ComparedRow[]): readonly ComparedRow[] =>
  rows[0]?.change === undefined ? rows : rows.filter(({ change }) => change !== 'removed')

/** How many rows became what. */
export function changesIn(rows: readonly ComparedRow[]): Readonly<Record<Change, number>> {
  const counts = { same: 0, added: 0, removed: 0, changed: 0 }
  for (const { change = 'same' } of rows) counts[change] += 1
  return counts
}

const inOrder = (rows: readonly ComparedRow[]): ComparedRow[] =>
  rows.toSorted((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name))

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
