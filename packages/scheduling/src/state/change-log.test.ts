import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChangeLog } from './change-log.ts'

test('who looks again finds what changed since, in its order', () => {
  const log = new ChangeLog(2)
  for (const changed of [7, 8, 9]) log.add(changed)
  assert.equal(log.version, 3)
  assert.deepEqual([log.at(0), log.at(1), log.at(2)], [7, 8, 9])
})

test('it reaches back as far as it is long, and no further', () => {
  const log = new ChangeLog(2)
  for (const changed of [1, 2, 3, 4, 5]) log.add(changed)
  assert.deepEqual([log.reachesTo(0), log.reachesTo(1), log.reachesTo(5)], [false, true, true])
  assert.deepEqual([log.at(1), log.at(4)], [2, 5])
})

test('while there is room for all, all are known, however much it has grown', () => {
  const log = new ChangeLog(8)
  for (let n = 0; n < 1000; n++) {
    const since = Math.max(0, n - 256)
    assert.ok(log.reachesTo(since))
    if (since > 0) assert.ok(!log.reachesTo(since - 1))
    log.add(n * 3)
    for (let version = Math.max(0, n - 255); version <= n; version++) {
      assert.equal(log.at(version), version * 3)
    }
  }
})
