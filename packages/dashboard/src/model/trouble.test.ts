import assert from 'node:assert/strict'
import { test } from 'node:test'
import { troublesIn } from './trouble.ts'

const columns = ['Name', 'Ready', 'Status', 'Node'].map((name) => ({
  name,
  priority: 0,
  description: '',
}))
const row = (name: string, ready: string, status: string, node = 'node-1') => ({
  ...{ uid: name, name, namespace: 'demo', version: '1', created: '', owners: [], labels: {} },
  cells: [name, ready, status, node],
})

test('what is not as it should be is told, the worst first', () => {
  const rows = [
    row('fine', '1/1', 'Running'),
    row('done', '0/1', 'Completed'),
    row('half', '1/2', 'Running'),
    row('new', '0/1', 'Pending', '<none>'),
    row('broken', '0/1', 'CrashLoopBackOff'),
  ]
  const told = troublesIn('pods', { columns, rows, version: '1', withNamespace: false }).map(
    ({ row, what, tone }) => [row.name, what, tone],
  )
  assert.deepEqual(told, [
    ['broken', 'CrashLoopBackOff', 'bad'],
    ['half', '1/2', 'warn'],
    ['new', 'Pending', 'warn'],
  ])
})

test('what has no node yet is told apart from what has one', () => {
  const rows = [row('new', '0/1', 'Pending', '<none>'), row('broken', '0/1', 'ErrImagePull')]
  const placed = troublesIn('pods', { columns, rows, version: '1', withNamespace: false }).map(
    (each) => each.isPlaced,
  )
  assert.deepEqual(placed, [true, false])
})
