import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ComparedTable, changesIn, compareTables, presentIn } from './compare-tables.ts'
import type { Row, Table } from './table.ts'

const columns = ['Name', 'Status', 'Age'].map((name) => ({ name, priority: 0, description: '' }))
const row = (uid: string, name: string, ...cells: string[]): Row => ({
  ...{ uid, name, namespace: 'demo', version: '1', created: '', labels: {}, owners: [] },
  cells: [name, ...cells],
})
const table = (...rows: Row[]): Table => ({ columns, rows, version: '1', withNamespace: false })

test('rows are new, gone, otherwise or the same', () => {
  const before = table(
    row('1', 'a', 'Running', '1m'),
    row('2', 'b', 'Pending', '1m'),
    row('3', 'c', 'Running', '1m'),
  )
  const now = table(
    row('1', 'a', 'Running', '2m'),
    row('2', 'b', 'Running', '2m'),
    row('4', 'c', 'Running', '1s'),
  )
  const { rows } = compareTables(before, now)
  assert.deepEqual(
    rows.map(({ uid, change, was }) => [uid, change, was?.[1]]),
    [
      ['1', 'same', undefined],
      ['2', 'changed', 'Pending'],
      ['4', 'added', undefined],
      ['3', 'removed', undefined],
    ],
  )
  assert.deepEqual(changesIn(rows), { same: 1, added: 1, removed: 1, changed: 1 })
  assert.equal(presentIn(rows).length, now.rows.length, 'what is gone is not counted')
})

test('how long ago something was is no change', () => {
  const then = table(row('1', 'a', '3 (5m ago)', '1h'), row('2', 'b', '3 (5m ago)', '1h'))
  const now = table(row('1', 'a', '3 (2h10m ago)', '3h'), row('2', 'b', '4 (5m ago)', '3h'))
  const { rows } = compareTables(then, now)
  assert.deepEqual(
    rows.map(({ change }) => change),
    ['same', 'changed'],
  )
})

test('columns are told apart by their names, wherever they stood', () => {
  const before = {
    version: '1',
    withNamespace: false,
    columns: columns.toReversed(),
    rows: [{ ...row('1', 'a'), cells: ['1m', 'Pending', 'a'] }],
  }
  const [compared] = compareTables(before, table(row('1', 'a', 'Running', '2m'))).rows
  assert.deepEqual(compared?.was, [undefined, 'Pending', undefined])
})

test('whatever the two tables are, the later one follows from the earlier one and what differs', () => {
  for (let seed = 1; seed < 300; seed += 1) {
    const random = randomOf(seed)
    const [before, now] = [randomTable(random), randomTable(random)]
    const compared = compareTables(before, now)
    assert.deepEqual(after(compared), keyed(now))
    assert.deepEqual(earlier(compared), keyed(before))
  }
})

const keyed = ({ rows }: Table) =>
  Object.fromEntries(rows.map(({ uid, cells }) => [uid, cells.slice(0, 2)]))

const after = ({ rows }: ComparedTable) =>
  Object.fromEntries(
    rows
      .filter(({ change }) => change !== 'removed')
      .map(({ uid, cells }) => [uid, cells.slice(0, 2)]),
  )

const earlier = ({ rows }: ComparedTable) =>
  Object.fromEntries(
    rows
      .filter(({ change }) => change !== 'added')
      .map(({ uid, cells, was }) => [
        uid,
        cells.map((cell, index) => was?.[index] ?? cell).slice(0, 2),
      ]),
  )

function randomTable(random: (below: number) => number): Table {
  const uids = Array.from({ length: 8 }, (_, uid) => String(uid)).filter(() => random(2) === 0)
  return table(...uids.map((uid) => row(uid, `pod-${uid}`, `S${random(3)}`, `${random(9)}m`)))
}

function randomOf(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 1) >>> 0
    return state % below
  }
}
