import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statesIn } from './states.ts'

const table = (column: string, ...values: string[]) => ({
  columns: ['Name', column].map((name) => ({ name, priority: 0, description: '' })),
  rows: values.map((value, index) => ({
    ...{ uid: String(index), name: 'a', namespace: '', version: '1', created: '' },
    ...{ owners: [], labels: {}, cells: ['a', value] },
  })),
})

test('states are those of the table', () => {
  assert.deepEqual(statesIn(table('Status', 'Pending', 'Running', 'Running')), [
    { state: 'Running', count: 2, tone: 'good' },
    { state: 'Pending', count: 1, tone: 'warn' },
  ])
})

test('where there is no state, all that is wanted is ready or it is not', () => {
  assert.deepEqual(statesIn(table('Ready', '2/2', '1/3', '3/3')), [
    { state: 'Ready', count: 2, tone: 'good' },
    { state: 'NotReady', count: 1, tone: 'warn' },
  ])
  assert.deepEqual(statesIn(table('Ports', '80')), [])
})
