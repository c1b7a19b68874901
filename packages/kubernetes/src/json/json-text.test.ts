import assert from 'node:assert/strict'
import { test } from 'node:test'
import { invalidValue } from '../field-error.ts'
import { jsonText } from './json-text.ts'

test('an integer that a number cannot hold is told as it was sent', () => {
  const sent = { overhead: 9223372036854775807n, list: [1, 2n ** 64n] }
  assert.equal(jsonText(sent), '{"overhead":9223372036854775807,"list":[1,18446744073709551616]}')
  assert.equal(
    invalidValue('spec', sent, 'must be a string').message,
    'Invalid value: {"overhead":9223372036854775807,"list":[1,18446744073709551616]}: must be a string',
  )
})
