import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fnv1a32, fnv1a64 } from './fnv1a.ts'

// http://www.isthe.com/chongo/src/fnv/test_fnv.c
test("FNV-1a of the reference's texts", () => {
  assert.equal(fnv1a32(''), 0x811c9dc5)
  assert.equal(fnv1a32('a'), 0xe40c292c)
  assert.equal(fnv1a32('foobar'), 0xbf9cf968)
  assert.equal(fnv1a64(''), 0xcbf29ce484222325n)
  assert.equal(fnv1a64('a'), 0xaf63dc4c8601ec8cn)
  assert.equal(fnv1a64('foobar'), 0x85944171f73967e8n)
})

test('what is no ASCII counts as its UTF-8', () => {
  const bytes = [...new TextEncoder().encode('pod-ä')]
  const expected = bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5)
  assert.equal(fnv1a32('pod-ä'), expected >>> 0)
})
