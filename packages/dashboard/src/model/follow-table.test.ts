import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followTable, inOrder, type RowEvent } from './follow-table.ts'
import { tableIn } from './table.ts'

const told = (name: string, version: number, state: string) => ({
  cells: [name, state],
  object: { metadata: { uid: name, name, resourceVersion: String(version) } },
})
const event = (type: RowEvent['type'], ...of: Parameters<typeof told>): RowEvent => ({
  type,
  object: told(...of),
})
const answer = {
  metadata: { resourceVersion: '9' },
  rows: [told('a', 5, 'Running'), told('c', 8, 'Pending')],
}
const table = tableIn(answer, { withNamespace: false })
const cellsAfter = (...events: RowEvent[]) =>
  followTable(table, events).rows.map(({ cells }) => cells.join(' '))

test('rows come, change and go, in the order of their names', () => {
  const events = [
    event('ADDED', 'b', 10, 'Pending'),
    event('MODIFIED', 'c', 11, 'Running'),
    event('MODIFIED', 'b', 12, 'Running'),
    event('DELETED', 'a', 13, 'Running'),
  ]
  assert.deepEqual(cellsAfter(...events), ['b Running', 'c Running'])
})

test('what is older than the table is in it already', () => {
  const events = [
    event('ADDED', 'gone', 6, 'Running'),
    event('MODIFIED', 'c', 7, 'ContainerCreating'),
    event('DELETED', 'gone', 9, 'Running'),
  ]
  assert.deepEqual(cellsAfter(...events), ['a Running', 'c Pending'])
})

test('one that was made again under its name stays when the former one goes', () => {
  const { cells, object } = told('c', 12, 'Pending')
  const again = { cells, object: { metadata: { ...object.metadata, uid: 'another' } } }
  const events: RowEvent[] = [{ type: 'ADDED', object: again }, event('DELETED', 'c', 13, 'Gone')]
  assert.deepEqual(cellsAfter(...events), ['a Running', 'c Pending'])
})

test('what nothing has happened to is the same', () => {
  assert.equal(followTable(table, []), table)
  const { rows } = followTable(table, [event('ADDED', 'b', 10, 'Pending')])
  assert.deepEqual([rows[0], rows[2]], table.rows)
  assert.equal(rows[0], table.rows[0])
})

test('rows are put in the order of their namespaces and names', () => {
  const listed = { ...table, rows: table.rows.toReversed() }
  assert.deepEqual(inOrder(listed), table)
})

test('a bookmark has no row', () => {
  assert.deepEqual(cellsAfter({ type: 'BOOKMARK', object: {} }), ['a Running', 'c Pending'])
})
