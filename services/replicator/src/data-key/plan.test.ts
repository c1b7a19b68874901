import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FoundKey, plan } from './plan.ts'

const found = (object: FoundKey['object'], sinceMs = 0): FoundKey => ({ uid: 'u', sinceMs, object })
const hourMs = 3_600_000

test('the key of a deleted object is destroyed', () => {
  assert.deepEqual(plan([found('Deleted')], 0), [{ type: 'Destroy', uid: 'u' }])
})

test('a key whose object was never made is destroyed after an hour', () => {
  assert.deepEqual(plan([found('NeverMade')], hourMs), [{ type: 'Destroy', uid: 'u' }])
  assert.deepEqual(plan([found('NeverMade', 1)], hourMs), [])
})

test('the key of an object that is there stays', () => {
  assert.deepEqual(plan([found('Present')], 10 * hourMs), [])
})
