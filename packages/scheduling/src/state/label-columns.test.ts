import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LabelColumn, LabelColumns } from './label-columns.ts'

test('nodes with the same value have the same number, those without any have none', () => {
  const column = new LabelColumn(4)
  for (const [slot, value] of ['z1', 'z2', 'z1', undefined].entries()) column.set(slot, value)
  const [first, second, third, none] = column.values
  assert.equal(first, third)
  assert.notEqual(first, second)
  assert.equal(none, -1)
})

test('a key is unique while no two nodes have the same value', () => {
  const column = new LabelColumn(4)
  assert.ok(column.isUnique)
  column.set(0, 'a')
  column.set(1, 'b')
  assert.ok(column.isUnique)
  for (const slot of [1, 2]) column.set(slot, 'a')
  assert.ok(!column.isUnique)
  column.set(1, 'c')
  assert.ok(!column.isUnique)
  column.set(2, undefined)
  assert.ok(column.isUnique)
  column.set(2, 'b')
  assert.ok(column.isUnique, 'nobody has it any more')
  for (const slot of [2, 3]) column.set(slot, undefined)
  assert.ok(column.isUnique, 'to have none is nothing that is shared')
})

test('more nodes leave what is known as it is, and lack the label themselves', () => {
  const columns = new LabelColumns()
  const column = columns.of('zone', {
    capacity: 1,
    nodes: [{ metadata: { labels: { zone: 'z1' } } }],
  })
  columns.grow(2)
  assert.deepEqual([...column.values], [0, -1])
})

test('a key is looked up once in the nodes, and followed from then on', () => {
  const columns = new LabelColumns()
  const nodes = [{ metadata: { labels: { zone: 'z1' } } }, undefined, { metadata: {} }]
  const column = columns.of('zone', { capacity: 3, nodes })
  assert.deepEqual([...column.values], [0, -1, -1])
  assert.equal(columns.of('zone', { capacity: 3, nodes: [] }), column)
  columns.set(2, { zone: 'z2', rack: 'r' })
  columns.set(0, undefined)
  assert.deepEqual([...column.values], [-1, -1, 1])
})

test('that a key became unique or ceased to be is told by another number, and nothing else', () => {
  const columns = new LabelColumns()
  columns.of('zone', { capacity: 3, nodes: [] })
  const seen = [columns.uniqueness]
  for (const [slot, zone] of [
    [0, 'z1'],
    [1, 'z1'],
    [2, 'z1'],
    [1, 'z2'],
    [2, 'z3'],
  ] as const) {
    columns.set(slot, { zone })
    seen.push(columns.uniqueness)
  }
  assert.deepEqual(seen, [0, 0, 1, 1, 1, 2])
})
