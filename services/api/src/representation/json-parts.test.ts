import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonParts } from './json-parts.ts'

const numbered = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ n, text: `ä"${n}`, none: undefined }))

for (const [about, value] of Object.entries({
  'nothing in it': {},
  'a value alone': 'ä"',
  'no value': null,
  'short and empty lists': { a: [], b: [1, undefined, null], c: { d: [[]] } },
  'what is undefined': { a: undefined, b: { c: undefined }, d: 1 },
  'a long list': numbered(1234),
  'long lists in it': { before: { nodes: numbered(100) }, after: { nodes: numbered(201), m: 'x' } },
  'a list of long lists': { lists: [numbered(150), numbered(3)] },
})) {
  test(`in parts it is the same JSON: ${about}`, () => {
    assert.equal([...jsonParts(value)].join(''), JSON.stringify(value))
  })
}

test('no part is much longer than some elements', () => {
  const parts = [...jsonParts({ nodes: numbered(10_000) })]
  assert.ok(Math.max(...parts.map((part) => part.length)) < 10_000)
})
