import assert from 'node:assert/strict'
import { test } from 'node:test'
import { locate, uniquePassage } from './passage.ts'

const source = 'if (isBound) return\nif (isGone || isBound) return\nif (isGone) return\n'

test('a place is found by lines and columns', () => {
  const location = { start: { line: 2, column: 5 }, end: { line: 2, column: 22 } }
  assert.deepEqual(locate(source, location), { at: 24, text: 'isGone || isBound' })
})

test('a passage is widened until it stands there once', () => {
  const { at } = locate(source, { start: { line: 3, column: 5 }, end: { line: 3, column: 11 } })
  const passage = uniquePassage(source, { at, text: 'isGone', by: 'false' })
  assert.equal(
    source.replace(passage.text, passage.by),
    'if (isBound) return\nif (isGone || isBound) return\nif (false) return\n',
  )
})

test('what stands there once is taken as it is', () => {
  const mutant = { at: 24, text: 'isGone || isBound', by: 'isGone && isBound' }
  assert.deepEqual(uniquePassage(source, mutant), { text: mutant.text, by: mutant.by })
})
