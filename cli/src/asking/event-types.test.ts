import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearTypes } from './event-types.ts'

test('types of events that are nearly so are named, the nearest first', () => {
  assert.equal(nearTypes('PodScheduled'), undefined)
  assert.equal(nearTypes('PodSheduled')?.[0], 'PodScheduled')
  assert.equal(nearTypes('podscheduled')?.[0], 'PodScheduled')
  assert.ok(nearTypes('evict')?.includes('PodEvicted'))
  assert.deepEqual(nearTypes('zzzzzzzz'), [])
})
