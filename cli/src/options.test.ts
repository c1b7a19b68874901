import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replicasOf } from './options.ts'

test('replicas are given by service', () => {
  assert.deepEqual(replicasOf('api=2,scheduler=3'), { api: 2, scheduler: 3 })
})

test('replicas of what has none, or too many or none of it, are refused by name', () => {
  for (const text of ['nats=2', 'api=0', 'api=10', 'api', 'api=2,,', '', 'api=1.5']) {
    assert.throws(
      () => replicasOf(text),
      /any of api, scheduler, replicator, each from 1 to 9/,
      text,
    )
  }
})
