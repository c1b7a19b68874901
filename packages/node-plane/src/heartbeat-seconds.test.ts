import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heartbeatSecondsFor } from './heartbeat-seconds.ts'

test('a heartbeat comes four times in the grace time, every second at most and every 10 s at least', () => {
  const graces = [3, 6, 8, 20, 40, 3600]
  assert.deepEqual(graces.map(heartbeatSecondsFor), [1, 1, 2, 5, 10, 10])
})
