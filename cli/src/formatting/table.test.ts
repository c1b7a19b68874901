import assert from 'node:assert/strict'
import { test } from 'node:test'
import { table } from './table.ts'

test('columns are as wide as their widest cell', () => {
  const text = table(
    ['NAME', 'STATE'],
    [
      ['api', 'Ready'],
      ['event-store', 'Running'],
    ],
  )
  assert.equal(text, 'NAME          STATE\napi           Ready\nevent-store   Running')
})
