import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NodeVerdict } from '@reckon/domain'
import { tableOf, verdictsIn } from './verdict-table.ts'

const filters = ['NodeName', 'TaintToleration', 'NodeResourcesFit']
const rejected = (node: string, plugin: string, reason: string): NodeVerdict => ({
  node,
  rejectedBy: { plugin, reason },
  passed: filters.slice(0, filters.indexOf(plugin)),
})
const suiting = (node: string, fit: number): NodeVerdict => ({
  node,
  passed: filters,
  scores: { NodeResourcesFit: fit, ImageLocality: 0 },
  total: fit,
})

test('a table tells the verdicts that it was made of, each reason once', () => {
  const verdicts = [
    suiting('node-1.local', 10),
    rejected('node-10.local', 'TaintToleration', 'tainted'),
    rejected('node-2.local', 'NodeResourcesFit', 'full'),
    rejected('node-3.local', 'NodeResourcesFit', 'tainted'),
    rejected('node-4.local', 'TaintToleration', 'tainted'),
    suiting('node-5.local', 20),
  ]
  const table = tableOf(verdicts, filters)
  assert.deepEqual(table.nodes, {
    prefix: 'node-',
    suffix: '.local',
    names: ['1', '10', '2', '3', '4', '5'],
  })
  assert.deepEqual(table.rejections, [
    { plugin: 'TaintToleration', reason: 'tainted' },
    { plugin: 'NodeResourcesFit', reason: 'full' },
    { plugin: 'NodeResourcesFit', reason: 'tainted' },
  ])
  assert.deepEqual(table.verdicts, [-1, 0, 1, 2, 0, -1])
  assert.deepEqual(table.scores, { NodeResourcesFit: [10, 20], ImageLocality: 0 })
  assert.deepEqual(verdictsIn(table), verdicts)
})

test('one number stands for a column of equals, and one name for itself', () => {
  const table = tableOf([suiting('alone', 10)], filters)
  assert.deepEqual(table.nodes, { prefix: '', suffix: '', names: ['alone'] })
  assert.equal(table.verdicts, -1)
  assert.deepEqual(verdictsIn(table), [suiting('alone', 10)])
})

test('names of which one begins another are told apart', () => {
  const verdicts = ['a', 'ab', 'abc'].map((node) => suiting(node, 1))
  assert.deepEqual(verdictsIn(tableOf(verdicts, filters)), verdicts)
})

test('of no node a table tells nothing', () => {
  const table = tableOf([], filters)
  assert.deepEqual([table.verdicts, table.scores], [[], {}])
  assert.deepEqual(verdictsIn(table), [])
})
