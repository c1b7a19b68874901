import assert from 'node:assert/strict'
import { test } from 'node:test'
import { durationOf, evictionOf, replicasOf } from './options.ts'

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

test('a duration is given in hours, minutes and seconds', () => {
  assert.equal(durationOf('24h'), 24 * 3_600_000)
  assert.equal(durationOf('1h30m5s'), 5_405_000)
  assert.equal(durationOf('0'), 0)
  for (const text of ['', '5', 'h', '1d', '-1h']) assert.throws(() => durationOf(text), /like 24h/)
})

test('how much memory and disk must be left is an amount or a share', () => {
  for (const text of [
    'memory.available<100Mi',
    'memory.available<2.5%',
    'nodefs.available<10%,memory.available<1Gi',
  ]) {
    assert.equal(evictionOf(text), text)
  }
  for (const text of [
    'pid.available<10%',
    'memory.available<5%,',
    'memory.available<100Mx',
    'memory.available<',
    '',
  ]) {
    assert.throws(() => evictionOf(text), text)
  }
})
