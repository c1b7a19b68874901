import assert from 'node:assert/strict'
import { test } from 'node:test'
import { windowOf } from './window-rows.ts'

const box = { height: 600, rowHeight: 30 }

test('of many rows those are drawn that are seen, and a few around', () => {
  assert.deepEqual(windowOf(5_000, { top: 0, ...box }), { first: 0, end: 28 })
  assert.deepEqual(windowOf(5_000, { top: 3_000, ...box }), { first: 92, end: 128 })
})

test('no window is larger than what there is', () => {
  assert.deepEqual(windowOf(3, { top: 0, ...box }), { first: 0, end: 3 })
  assert.deepEqual(windowOf(10, { top: 90_000, ...box }), { first: 10, end: 10 })
  assert.deepEqual(windowOf(0, { top: -200, ...box }), { first: 0, end: 0 })
})
