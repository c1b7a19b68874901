import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type EventFilter, matches } from './filter.ts'

const event = { type: 'PodCreated', stream: 'pods-a/b' }

test('a filter looks at the type or at the stream, by prefixes or by regular expression', () => {
  const filters: readonly (readonly [EventFilter, boolean])[] = [
    [{ on: 'EventType', prefixes: ['Node', 'Pod'] }, true],
    [{ on: 'EventType', prefixes: ['pods'] }, false],
    [{ on: 'EventType', regex: /Created$/ }, true],
    [{ on: 'StreamName', prefixes: ['pods-'] }, true],
    [{ on: 'StreamName', regex: /^nodes/ }, false],
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
