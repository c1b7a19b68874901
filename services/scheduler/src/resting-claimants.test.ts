import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RestingClaimants } from './resting-claimants.ts'

test('pods rest for what they waited for last, until they have a node or are gone', () => {
  const resting = new RestingClaimants()
  resting.rest('a', ['team/data', 'team/logs'])
  resting.rest('b', ['team/data'])
  assert.deepEqual(resting.of('team/data'), ['a', 'b'])
  resting.rest('a', ['team/logs'])
  assert.deepEqual([resting.of('team/data'), resting.of('team/logs')], [['b'], ['a']])
  resting.end('a')
  resting.end('c')
  assert.deepEqual([resting.of('team/data'), resting.of('team/logs')], [['b'], []])
})
