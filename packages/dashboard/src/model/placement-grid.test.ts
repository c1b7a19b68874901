import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gridOf } from './placement-grid.ts'

const nodes = [
  { node: 'a', passed: ['Taints', 'Fit'], scores: { Balance: 50, Spread: 0 }, total: 50 },
  { node: 'b', passed: ['Taints', 'Fit'], scores: { Balance: 100, Spread: 0 }, total: 100 },
  { node: 'c', passed: ['Taints'], rejectedBy: { plugin: 'Fit', reason: 'Insufficient cpu' } },
]

test('the chosen node stands first, and those that do not suit last', () => {
  const { rows, filters, scorers } = gridOf({ nodes, nodeName: 'b' })
  assert.deepEqual(
    rows.map(({ node }) => node),
    ['b', 'a', 'c'],
  )
  assert.deepEqual(
    [filters, scorers],
    [
      ['Taints', 'Fit'],
      ['Balance', 'Spread'],
    ],
  )
})

test('each cell says what its plugin said', () => {
  const [b, a, c] = gridOf({ nodes, nodeName: 'b' }).rows
  assert.deepEqual(b?.filters, [{ said: 'passed' }, { said: 'passed' }])
  assert.deepEqual(a?.scores, [
    { said: 'score', score: 50, share: 0.5 },
    { said: 'score', score: 0, share: 0 },
  ])
  assert.deepEqual(c?.filters[1], { said: 'rejected', reason: 'Insufficient cpu' })
  assert.deepEqual(c?.scores, [{ said: 'unasked' }, { said: 'unasked' }])
})

test('where none suits, the filters stand in the order in which they were asked', () => {
  const none = [
    { node: 'a', passed: [], rejectedBy: { plugin: 'Taints', reason: 'tainted' } },
    { node: 'b', passed: ['Taints'], rejectedBy: { plugin: 'Fit', reason: 'full' } },
  ]
  assert.deepEqual(gridOf({ nodes: none }).filters, ['Taints', 'Fit'])
  assert.deepEqual(gridOf({ nodes: [] }).rows, [])
})
