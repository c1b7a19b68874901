import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileExpression, type EventFilter, matches } from './filter.ts'

const event = { type: 'PodCreated', stream: 'pods-a/b' }

test('a filter looks at the type or at the stream, by prefixes or by regular expression', () => {
  const filters: readonly (readonly [EventFilter, boolean])[] = [
    [{ on: 'EventType', prefixes: ['Node', 'Pod'] }, true],
    [{ on: 'EventType', prefixes: ['pods'] }, false],
    [{ on: 'EventType', expression: compileExpression('Created$') }, true],
    [{ on: 'StreamName', prefixes: ['pods-'] }, true],
    [{ on: 'StreamName', expression: compileExpression('^nodes') }, false],
  ]
  for (const [filter, expected] of filters) assert.equal(matches(filter, event), expected)
})

test("without a filter only EventStoreDB's own housekeeping is hidden", () => {
  assert.equal(matches(undefined, event), true)
  assert.equal(matches(undefined, { type: '$metadata', stream: '$$s' }), true)
  assert.equal(matches(undefined, { type: '$epoch-information', stream: 'x' }), false)
  const checkpoint = {
    type: '$SubscriptionCheckpoint',
    stream: '$persistentsubscription-$all::g-checkpoint',
  }
  assert.equal(matches(undefined, checkpoint), false)
})

test('an expression that could hold up the event loop is refused, with the reason', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['(', /missing/],
    ['^(?!\\$)', /Perl syntax/],
    ['(a)\\1', /escape/],
    ['a{1000}', /more than 99 times/],
    ['(a{1,500}){2,}', /more than 99 times/],
    ['(a{1,90}){1,9}', /program of \d+ steps/],
    ['a'.repeat(300), /longer than 256/],
  ]
  for (const [text, reason] of refused) {
    assert.throws(() => compileExpression(text), reason, text)
  }
  assert.ok(compileExpression('\\x{0041}').test('A'))
})

test('no expression that is taken takes long, whatever the text', () => {
  const texts = ['a'.repeat(4095), 'ab'.repeat(2047), 'ä'.repeat(2047)]
  const worst = [
    '^(a+)+$',
    '^(a{1,15}){1,7}$',
    '(x+x+)+y',
    '\\pL{99}\\pL{99}$',
    '(a|b)*a(a|b){50}c',
  ]
  for (const expression of worst.map(compileExpression)) {
    for (const text of texts) {
      // The thread's own time: what else the machine does is no fault of the expression's.
      const began = process.threadCpuUsage()
      expression.test(`${text}!`)
      const { user } = process.threadCpuUsage(began)
      assert.ok(user < 200_000, `${expression} took ${user} µs`)
    }
  }
})
