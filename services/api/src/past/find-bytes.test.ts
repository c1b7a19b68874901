import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasAt, lastFinder } from './find-bytes.ts'

/** All texts of these letters up to a length. */
function textsOf(letters: string, length: number): string[] {
  if (length === 0) return ['']
  const shorter = textsOf(letters, length - 1)
  return ['', ...shorter.flatMap((text) => Array.from(letters, (letter) => text + letter))]
}

test('what is last before an end is found where lastIndexOf finds it', () => {
  const texts = textsOf('ab', 7)
  for (const wanted of ['a', 'ab', 'aab', 'aba', 'abab']) {
    const last = lastFinder(Buffer.from(wanted))
    for (const text of texts) {
      const bytes = Buffer.from(text)
      for (let end = 0; end <= text.length; end++) {
        const expected = text.slice(0, end).lastIndexOf(wanted)
        assert.equal(last(bytes, end), expected, `${wanted} in ${text} before ${end}`)
      }
    }
  }
})

test('what is partly beyond the end of the bytes is not there', () => {
  const bytes = Buffer.from('aab')
  assert.ok(hasAt(bytes, 1, Buffer.from('ab')))
  assert.ok(!hasAt(bytes, 2, Buffer.from('bc')))
  assert.ok(!hasAt(bytes, 0, Buffer.from('ab')))
})
