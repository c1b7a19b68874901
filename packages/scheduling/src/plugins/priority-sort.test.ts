import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prioritySort } from './priority-sort.ts'

test('the more important pod comes first, of equals the one that waits longer', () => {
  const waiting = [
    { priority: 0, arrival: 1 },
    { priority: 10, arrival: 3 },
    { priority: 10, arrival: 2 },
  ]
  const order = waiting.sort(prioritySort.compare).map(({ arrival }) => arrival)
  assert.deepEqual(order, [2, 3, 1])
})
