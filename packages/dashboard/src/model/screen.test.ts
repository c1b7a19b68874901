import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Screen } from './screen.ts'
import { saidBy } from './terminal-keys.ts'

const shown = (...parts: readonly string[]) => {
  const screen = new Screen()
  screen.resize(20, 5)
  for (const part of parts) screen.write(part)
  return screen.shown
}
const text = (...parts: readonly string[]) => {
  const { before, at, after } = shown(...parts)
  return `${before}${at}${after}`.trimEnd()
}

test('a shell prints, and writes over what it printed', () => {
  assert.equal(text('$ ls\r\na  b\r\n$ '), '$ ls\na  b\n$')
  assert.equal(text('10%\r100%'), '100%')
  assert.equal(text('abc\b\b\x1b[K!'), 'a!')
  assert.equal(text('abcd\x1b[2D\x1b[P'), 'abd')
  assert.equal(text('ad\x1b[1D\x1b[2@bc'), 'abcd')
  assert.deepEqual(shown('one\r\ntwo\x1b[A'), { before: 'one', at: ' ', after: '\ntwo' })
})

test('colours, titles and modes are no text, in whatever parts they come', () => {
  assert.equal(text('\x1b[01;34mbin\x1b[0m'), 'bin')
  assert.equal(text('\x1b]0;title\x07\x1b[?2004h$ '), '$')
  assert.equal(text('a\x1b', '[3', '1mb\x1b]0;ti', 'tle\x07c'), 'abc')
  assert.equal(text('\x1b(Bx'), 'x')
})

test('a line is as wide as the screen, and the screen is cleared from its top on', () => {
  assert.equal(text('x'.repeat(25)), `${'x'.repeat(20)}\n${'x'.repeat(5)}`)
  assert.equal(text('1\r\n2\r\n3\x1b[H\x1b[2Jnew'), 'new')
  assert.equal(text('1\r\n2\r\n3\x1b[2;1H\x1b[J.'), '1\n.')
})

test('no more lines are kept than are wanted', () => {
  const lines = Array.from({ length: 3_000 }, (_, n) => `${n}\r\n`).join('')
  assert.equal(text(lines).split('\n').length, 999)
  assert.match(text(lines), /2999$/)
})

test('keys are said as a terminal says them, and some are the browser’s', () => {
  const key = (name: string, more = {}) =>
    saidBy({ key: name, ctrlKey: false, altKey: false, metaKey: false, ...more })
  assert.deepEqual(
    [
      key('a'),
      key('Enter'),
      key('ArrowUp'),
      key('c', { ctrlKey: true }),
      key('b', { altKey: true }),
    ],
    ['a', '\r', '\x1b[A', '\x03', '\x1bb'],
  )
  assert.deepEqual(
    [key('Shift'), key('c', { metaKey: true }), key('v', { ctrlKey: true }), key('F5')],
    [undefined, undefined, undefined, undefined],
  )
})
