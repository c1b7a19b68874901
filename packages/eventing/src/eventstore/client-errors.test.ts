import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeadlineExceededError } from '@eventstore/db-client'
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

test('a store that answers after the deadline was too busy', () => {
  const { code, message } = refusalOf(new DeadlineExceededError(), 'Timeout') ?? {}
  assert.equal(code, 504)
  assert.match(
    message ?? '',
    /did not confirm that it recorded it: it was too busy to do so in time$/,
  )
})
