import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextOrder, sortRows } from './sort-rows.ts'

const columns = ['Name', 'Age'].map((name) => ({ name, priority: 0, description: '' }))
const row = (name: string, second: string) => ({
  ...{ uid: name, name, namespace: '', version: '1', owners: [], labels: {} },
  created: `2026-01-01T00:00:${second}Z`,
  cells: [name, '5m'],
})
const rows = [row('web-10', '03'), row('web-9', '59'), row('a', '20')]
const sorted = (by: string) => sortRows(rows, columns, by).map(({ name }) => name)

test('names by the numbers in them, ages by when objects were made', () => {
  assert.deepEqual(sorted('Name'), ['a', 'web-9', 'web-10'])
  assert.deepEqual(sorted('-Name'), ['web-10', 'web-9', 'a'])
  assert.deepEqual(sorted('Age'), ['web-9', 'a', 'web-10'])
  assert.deepEqual(sorted('Nothing'), ['web-10', 'web-9', 'a'])
})

test('a third click gives the first order back', () => {
  assert.equal(nextOrder('', 'Name'), 'Name')
  assert.equal(nextOrder('Name', 'Name'), '-Name')
  assert.equal(nextOrder('-Name', 'Name'), '')
})
