import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NodeVerdict } from '@reckon/domain'
import { tableOf } from '../placing/verdict-table.ts'
import { tableDifferences } from './table-differences.ts'

const filters = ['NodeName', 'NodeResourcesFit']
const suits = (node: string, scores: Record<string, number>): NodeVerdict => ({
  ...{ node, passed: filters, scores },
  total: Object.values(scores).reduce((sum, score) => sum + score, 0),
})
const rejected = (node: string, reason: string): NodeVerdict => ({
  ...{ node, passed: ['NodeName'], rejectedBy: { plugin: 'NodeResourcesFit', reason } },
})
const shown = (recorded: readonly NodeVerdict[], recomputed: readonly NodeVerdict[]) =>
  tableDifferences(tableOf(recorded, filters), tableOf(recomputed, filters)).map((line) =>
    line.replaceAll(/(?<=\S) {2,}/g, ' | '),
  )
const head = ['  table', '    NODE | RECORDED | RECOMPUTED']

test('tables that say the same have no differences, nor have none', () => {
  const table = [suits('a', { X: 1 }), rejected('b', 'Insufficient cpu')]
  assert.deepEqual(shown(table, table), [])
  assert.deepEqual(tableDifferences(undefined, undefined), [])
})

test('of a node that suits in both the scores are told that differ', () => {
  assert.deepEqual(shown([suits('a', { X: 1, Y: 2 })], [suits('a', { X: 1, Y: 5 })]), [
    ...head,
    '    a | 3 (Y 2) | 6 (Y 5)',
  ])
})

test('of a node that suits in one alone the sum is told, and why it does not suit in the other', () => {
  const [one, other] = [suits('a', { X: 1 }), rejected('a', 'Insufficient cpu')]
  const why = 'NodeResourcesFit: Insufficient cpu'
  assert.deepEqual(shown([one], [other]), [...head, `    a | 1 | ${why}`])
  assert.deepEqual(shown([other], [one]), [...head, `    a | ${why} | 1`])
})

test('a node that only one of them knows is said not to be there in the other', () => {
  const both = rejected('a', 'Insufficient cpu')
  assert.deepEqual(shown([both, suits('b', { X: 1 })], [both]), [
    ...head,
    '    b | 1 (X 1) | not there',
  ])
})

test('ten nodes are shown one by one, and that there are more', () => {
  const all = (count: number, score: number) =>
    Array.from({ length: count }, (_, n) => suits(`n-${n}`, { X: score }))
  const lines = (count: number) => shown(all(count, 1), all(count, 2))
  assert.deepEqual([lines(10).length, lines(11).length], [12, 13])
  assert.deepEqual(lines(11).at(-1), '    …')
})
