import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChangeLog } from '../state/change-log.ts'
import { KnownCandidates } from './known-candidates.ts'
import type { Unplaced } from './unplaced.ts'

const rejection = { reasons: ['full'], isLasting: false }

/** What is known of a cluster of which it is told what changes, and which nodes were tried. */
function watching() {
  const known = new KnownCandidates()
  const loadChanges = new ChangeLog(4)
  const budgets = { version: 0, protecting: () => new Set() }
  const tried: number[] = []
  const unplaced = {
    cluster: { loadChanges, budgets, pods: { at: () => [] } },
    traits: { priority: 0 },
    trialAt(slot: number) {
      tried.push(slot)
      return { leave() {}, stay() {}, rejection, [Symbol.dispose]() {} }
    },
  } as unknown as Unplaced
  return {
    loadChanges,
    budgets,
    triedAt: (...slots: readonly number[]) => {
      tried.length = 0
      for (const slot of slots) assert.equal(known.at(slot, unplaced), rejection)
      return [...tried]
    },
  }
}

test('each node is tried once', () => {
  const { triedAt } = watching()
  assert.deepEqual(triedAt(1, 2, 1), [1, 2])
  assert.deepEqual(triedAt(1, 2), [])
})

test('a node on which something changed is tried again, and no other', () => {
  const { triedAt, loadChanges } = watching()
  triedAt(1, 2, 3)
  loadChanges.add(2)
  assert.deepEqual(triedAt(1, 2, 3), [2])
  loadChanges.add(1)
  loadChanges.add(3)
  assert.deepEqual(triedAt(1, 2, 3), [1, 3])
  assert.deepEqual(triedAt(1, 2, 3), [])
})

test('where a budget says something else, or more has changed than is remembered, all are', () => {
  const { triedAt, loadChanges, budgets } = watching()
  triedAt(1, 2)
  budgets.version += 1
  assert.deepEqual(triedAt(1, 2), [1, 2])
  for (let change = 0; change < 100; change += 1) loadChanges.add(1)
  assert.deepEqual(triedAt(1, 2), [1, 2])
})
