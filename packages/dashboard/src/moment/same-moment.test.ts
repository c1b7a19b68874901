import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogMark } from './log-mark.ts'
import { isSameMoment, timeOfMark } from './same-moment.ts'

const mark = (position: string, type: string): LogMark => ({
  ...{ position, timeMs: Number(position), stream: 's', type, user: '', verb: '' },
})
const marks = [mark('9', 'A'), mark('10', 'B'), mark('12', 'A'), mark('100', 'A')]
const isSame = (one: string, other: string, type = 'B') =>
  isSameMoment(marks, [one, other], (each) => each.type === type)

test('two moments are the same as long as nothing that counts lies between them', () => {
  assert.ok(isSame('10', '100') && isSame('100', '10') && isSame('11', '12'))
  assert.ok(!isSame('9', '10') && !isSame('100', '9'))
  assert.ok(isSame('10', '11', 'A') && !isSame('10', '12', 'A'))
})

test('of what the marks do not reach nothing is said, nor of moments that are no positions', () => {
  assert.ok(!isSame('8', '9') && !isSame('100', '101') && !isSame('10m', '10'))
  assert.ok(isSame('10m', '10m'))
  assert.ok(!isSameMoment([], ['1', '2'], () => true))
})

test('the time of a moment is that of its mark', () => {
  assert.equal(timeOfMark(marks, '12'), 12)
  assert.equal(timeOfMark(marks, '11'), undefined)
})
