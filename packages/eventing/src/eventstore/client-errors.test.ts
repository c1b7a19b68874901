import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalOf } from './client-errors.ts'

test('why an append failed is told in the words of the store, not of its client', () => {
  const refusal = refusalOf(new Error('Could not recognize its disk is full'), 'Timeout')
  assert.equal(refusal?.reason, 'Timeout')
  assert.match(refusal?.message ?? '', /did not confirm that it recorded it: its disk is full$/)
})

test('a store that gives no reason leaves none empty', () => {
  for (const error of [new Error(''), new Error('Could not recognize ')]) {
    const { code, reason, message } = refusalOf(error, 'Timeout') ?? {}
    assert.deepEqual([code, reason], [504, 'Timeout'])
    assert.match(message ?? '', /did not confirm that it recorded it: it gave no reason$/)
  }
})
