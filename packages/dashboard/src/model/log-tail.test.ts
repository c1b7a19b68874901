import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LogTail } from './log-tail.ts'

const tailOf = (linesMax: number, ...parts: string[]) => {
  const tail = new LogTail(linesMax)
  for (const part of parts) tail.add(part)
  return tail.lines
}

test('lines are whole however their parts come', () => {
  assert.deepEqual(tailOf(9, 'one\ntw', 'o\n', 'three\nfour'), ['one', 'two', 'three', 'four'])
  assert.deepEqual(tailOf(9, 'a', 'b', 'c\n'), ['abc'])
  assert.deepEqual(tailOf(9, '\n\n'), ['', ''])
})

test('of many the last are kept', () => {
  assert.deepEqual(tailOf(2, 'a\nb\nc\nd\n'), ['c', 'd'])
})
