import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyFailure } from '@reckon/eventing/bus'
import { KeyFailures } from './key-failures.ts'
import { createMetrics } from './metrics.ts'

function started() {
  const logged: { key?: string; err?: unknown }[] = []
  const logger = { info() {}, warn: (fields: object) => logged.push(fields) }
  let nowMs = 0
  const clock = { now: () => nowMs, sleep: async () => {} }
  const metrics = createMetrics()
  const failures = new KeyFailures('test', { logger, clock, metrics })
  const fail = (key: string, version?: string) =>
    failures.failed(key, new KeyFailure(key, new TypeError(`bug about ${key}`)), version)
  return { logged, metrics, failures, fail, pass: (ms: number) => (nowMs += ms) }
}

test('a failing key is logged with its stack once for each version, and counted every time', async () => {
  const { logged, metrics, fail, pass } = started()
  assert.deepEqual(fail('a', '1'), { count: 1, firstAtMs: 0 })
  pass(100)
  assert.deepEqual(fail('a', '1'), { count: 2, firstAtMs: 0 })
  fail('b', '1')
  assert.deepEqual(
    logged.map(({ key }) => key),
    ['a', 'b'],
  )
  assert.ok(logged[0]?.err instanceof TypeError)
  fail('a', '2')
  assert.equal(logged.length, 3)
  assert.match(await metrics.metrics(), /^reckon_key_failures_total\{loop="test"\} 4$/m)
})

test('a key that went well begins anew', () => {
  const { failures, fail, logged } = started()
  fail('a', '1')
  failures.settled('a')
  assert.equal(fail('a', '1').count, 1)
  assert.equal(logged.length, 2)
})

test('of many failing keys the last thousand are known', () => {
  const { fail } = started()
  fail('first', '1')
  for (let index = 0; index < 999; index++) fail(`key-${index}`, '1')
  assert.equal(fail('first', '1').count, 2)
  for (let index = 0; index < 1_000; index++) fail(`other-${index}`, '1')
  assert.equal(fail('first', '1').count, 1)
})
