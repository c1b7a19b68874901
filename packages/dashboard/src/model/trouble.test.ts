import assert from 'node:assert/strict'
import { test } from 'node:test'
import { troublesIn } from './trouble.ts'

const columns = ['Name', 'Ready', 'Status'].map((name) => ({ name, priority: 0, description: '' }))
const row = (name: string, ready: string, status: string) => ({
  ...{ uid: name, name, namespace: 'demo', version: '1', createdMs: 0, owners: [], labels: {} },
  cells: [name, ready, status],
})

test('what is not as it should be is told, the worst first', () => {
  const rows = [
    row('fine', '1/1', 'Running'),
    row('done', '0/1', 'Completed'),
    row('half', '1/2', 'Running'),
    row('new', '0/1', 'Pending'),
    row('broken', '0/1', 'CrashLoopBackOff'),
  ]
  const told = troublesIn('pods', { columns, rows, version: '1' }).map(({ row, what, tone }) => [
    row.name,
    what,
    tone,
  ])
  assert.deepEqual(told, [
    ['broken', 'CrashLoopBackOff', 'bad'],
    ['half', '1/2', 'warn'],
    ['new', 'Pending', 'warn'],
  ])
})
