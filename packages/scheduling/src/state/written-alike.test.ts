import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areWrittenAlike } from './written-alike.ts'

const values: readonly unknown[] = [
  ...[undefined, null, 0, 1, '', '0', true, false],
  ...[[], [0], [0, 1], [1, 0], [[]], [{}]],
  ...[
    {},
    { a: 0 },
    { a: null },
    { a: {} },
    { a: [] },
    { a: 0, b: 1 },
    { b: 1, a: 0 },
    { b: 0, a: 1 },
  ],
  ...[{ a: { b: [{ c: 1, d: 2 }] } }, { a: { b: [{ d: 2, c: 1 }] } }],
]

test('values are written alike just where their text is the same', () => {
  for (const one of values) {
    for (const other of values) {
      const isSame = JSON.stringify(one) === JSON.stringify(other)
      assert.equal(areWrittenAlike(one, structuredClone(other)), isSame)
    }
  }
})

test('of values with fields that are undefined it is only told where both have them', () => {
  assert.ok(areWrittenAlike({ a: undefined }, { a: undefined }))
  assert.ok(!areWrittenAlike({ a: undefined }, {}))
})
