import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filterOf } from './filter.ts'

const columns = ['Name', 'Status', 'Restarts'].map((name) => ({
  name,
  priority: 0,
  description: '',
}))
const row = (name: string, status: string, restarts: string, labels = {}) => ({
  ...{ uid: name, name, namespace: '', version: '1', created: '', owners: [], labels },
  cells: [name, status, restarts],
})
const rows = [
  row('web-1', 'Running', '0', { app: 'web' }),
  row('web-2', 'Pending', '4 (5m ago)', { app: 'web' }),
  row('db', 'Running', '12'),
]
const found = (text: string) => rows.filter(filterOf(text, columns)).map(({ name }) => name)

test('words narrow the rows, whatever their case', () => {
  assert.deepEqual(found(''), ['web-1', 'web-2', 'db'])
  assert.deepEqual(found('WEB'), ['web-1', 'web-2'])
  assert.deepEqual(found('web !pending'), ['web-1'])
  assert.deepEqual(found('!'), ['web-1', 'web-2', 'db'])
})

test('labels, columns and numbers', () => {
  assert.deepEqual(found('app=web'), ['web-1', 'web-2'])
  assert.deepEqual(found('!app=web'), ['db'])
  assert.deepEqual(found('status:pend'), ['web-2'])
  assert.deepEqual(found('restarts>3'), ['web-2', 'db'])
  assert.deepEqual(found('restarts<5'), ['web-1', 'web-2'])
})

test('what names no column is a word', () => {
  assert.deepEqual(found('10:30'), [])
})
