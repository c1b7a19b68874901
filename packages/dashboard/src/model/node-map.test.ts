import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeMapOf } from './node-map.ts'
import type { Table } from './table.ts'

const table = (columns: readonly string[], ...rows: readonly (readonly string[])[]): Table => ({
  version: '1',
  withNamespace: false,
  columns: columns.map((name) => ({ name, priority: 0, description: '' })),
  rows: rows.map((cells, index) => ({
    ...{ uid: String(index), name: cells[0] ?? '', namespace: 'default', version: '1' },
    ...{ created: '', owners: [], labels: {}, cells },
  })),
})
const nodes = table(['Name', 'Status'], ['node-1', 'Ready'], ['node-2', 'NotReady'])
const pods = (...rows: readonly (readonly string[])[]) => table(['Name', 'Status', 'Node'], ...rows)
const shown = (wanted: Table) =>
  nodeMapOf(nodes, wanted).map(({ name, tone, squares }) => [
    name,
    tone,
    squares.map(({ row }) => row.name).join(),
  ])

test('each pod is a square of its node, and what needs a look comes first', () => {
  const all = pods(
    ['web', 'Running', 'node-1'],
    ['broken', 'CrashLoopBackOff', 'node-1'],
    ['new', 'Pending', 'node-1'],
  )
  assert.deepEqual(shown(all), [
    ['node-1', 'good', 'broken,new,web'],
    ['node-2', 'bad', ''],
  ])
})

test('pods without a node stand before all nodes', () => {
  assert.deepEqual(shown(pods(['waits', 'Pending', '<none>']))[0], ['', 'warn', 'waits'])
})

test('a pod that is over takes no room', () => {
  assert.deepEqual(shown(pods(['done', 'Completed', 'node-2']))[1], ['node-2', 'bad', ''])
})
