import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseVersion } from './resource-version.ts'

test('a version that no log can have is refused, as is what is no version', () => {
  assert.equal(parseVersion('9223372036854775807'), 2n ** 63n - 1n)
  assert.throws(() => parseVersion('9223372036854775808'), { reason: 'Expired' })
  for (const text of ['', '-1', 'x', '1'.repeat(21)]) {
    assert.throws(() => parseVersion(text), { reason: 'Invalid' })
  }
})
