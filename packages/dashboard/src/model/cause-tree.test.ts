import assert from 'node:assert/strict'
import { test } from 'node:test'
import { causeRows, type TraceNode } from './cause-tree.ts'

const node = (id: string, ms: number, children: TraceNode[] = [], type = id): TraceNode => ({
  ...{ id, type, stream: `pods-default/${id}`, children },
  author: { position: id, time: new Date(1_000 + ms).toISOString(), user: 'ada' },
})

test('each line has its place in time, and those on the way to the last one are marked', () => {
  const rows = causeRows([node('a', 0, [node('b', 10, [node('d', 90)]), node('c', 20)])])
  assert.deepEqual(
    rows.map(({ node, depth, fromMs, toMs, isSlowest }) => [
      node.id,
      depth,
      fromMs,
      toMs,
      isSlowest,
    ]),
    [
      ['a', 0, 0, 0, true],
      ['b', 1, 0, 10, true],
      ['d', 2, 10, 90, true],
      ['c', 1, 0, 20, false],
    ],
  )
})

test('many that are alike stand in one line, by the slowest of them', () => {
  const pods = Array.from({ length: 500 }, (_, index) =>
    node(`p${index}`, 600 - index, [], 'PodCreated'),
  )
  const rows = causeRows([node('a', 0, pods)])
  assert.deepEqual(
    rows.map(({ node, count }) => [node.id, count]),
    [
      ['a', 1],
      ['p0', 500],
    ],
  )
})

test('nothing is no tree, and no tree is longer than can be read', () => {
  assert.deepEqual(causeRows([]), [])
  const many = Array.from({ length: 400 }, (_, index) => node(`n${index}`, index))
  assert.equal(causeRows(many).length, 300)
})
