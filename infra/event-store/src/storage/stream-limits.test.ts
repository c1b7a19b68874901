import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  firstRetained,
  firstVisible,
  isSoftDeleted,
  parseLimits,
  softDeleteMetadata,
  withTruncateBefore,
} from './stream-limits.ts'

const limits = (text: string) => parseLimits(Buffer.from(text))

test('metadata that makes no sense limits nothing', () => {
  for (const text of [
    '',
    'null',
    '7',
    '{',
    '{"$maxCount":0}',
    '{"$maxAge":"x","$tb":-1}',
    '{"$tb":1.5}',
  ]) {
    assert.deepEqual(limits(text), {}, text)
  }
})

test('the later of $maxCount and $tb decides what is seen', () => {
  assert.equal(firstVisible(limits('{"$maxCount":3}'), 9), 7)
  assert.equal(firstVisible(limits('{"$maxCount":3,"$tb":8}'), 9), 8)
  assert.equal(firstVisible(limits('{"$maxCount":30}'), 9), 0)
})

test('the last event stays in the file, and a soft-deleted stream whole', () => {
  assert.equal(firstRetained(limits('{"$tb":100}'), 9), 9)
  assert.equal(firstRetained(limits(softDeleteMetadata), 9), 0)
})

test('a soft delete survives the rounding of JSON, and is undone by a revision', () => {
  assert.equal(isSoftDeleted(limits(softDeleteMetadata)), true)
  const undone = limits(withTruncateBefore(Buffer.from('{"$tb":9223372036854775807,"a":1}'), 5))
  assert.equal(isSoftDeleted(undone), false)
  assert.equal(undone.truncateBefore, 5)
})
