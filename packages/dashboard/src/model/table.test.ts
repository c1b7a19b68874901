import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countsBy, emptyTable, tableIn } from './table.ts'

const answer = {
  columnDefinitions: [
    { name: 'Name', priority: 0, description: '', format: 'name' },
    { name: 'Ready', priority: 0, description: 'how many', format: '' },
  ],
  rows: [
    {
      cells: ['web', '1/1'],
      object: {
        metadata: {
          uid: 'u1',
          name: 'web',
          namespace: 'demo',
          creationTimestamp: '1970-01-01T00:00:01Z',
        },
      },
    },
    { cells: ['db', null] },
    { cells: ['x', { a: 1 }] },
  ],
}

test('rows are what kubectl prints, by the identity of their objects', () => {
  const { columns, rows } = tableIn(answer, { withNamespace: false })
  assert.deepEqual(columns[1], { name: 'Ready', priority: 0, description: 'how many' })
  assert.deepEqual(
    rows.map(({ uid, name, cells }) => [uid, name, ...cells]),
    [
      ['u1', 'web', 'web', '1/1'],
      ['/db', 'db', 'db', ''],
      ['/x', 'x', 'x', '{"a":1}'],
    ],
  )
  assert.equal(rows[0]?.created, '1970-01-01T00:00:01Z')
})

test('an empty answer is a table of nothing', () => {
  assert.deepEqual(tableIn({}, { withNamespace: false }), emptyTable)
})

test('all namespaces stand in front, and states are counted', () => {
  const table = tableIn(answer, { withNamespace: true })
  assert.deepEqual(table.rows[0]?.cells, ['demo', 'web', '1/1'])
  assert.deepEqual(countsBy(table, 'ready'), [
    ['1/1', 1],
    ['', 1],
    ['{"a":1}', 1],
  ])
  assert.deepEqual(countsBy(table, 'Status'), [])
})
