import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counted } from './counted.ts'

test('one of something is told as one', () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => counted(count, 'pod')),
    ['0 pods', '1 pod', '2 pods'],
  )
})
