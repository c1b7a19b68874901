import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { addProcessMetrics, createMetrics } from './metrics.ts'

const blockedMs = 30

test('the delay of the event loop is told under the names of prom-client, and once', async () => {
  const metrics = createMetrics()
  addProcessMetrics(metrics)
  await nextTurn()
  await nextTurn()
  block(blockedMs)
  await nextTurn()
  const lines = (await metrics.metrics()).split('\n')
  const told = new Map(
    lines
      .filter((line) => line.startsWith('nodejs_eventloop_lag'))
      .map((line) => [line.split(' ')[0], Number(line.split(' ')[1])]),
  )
  assert.deepEqual(
    [...told.keys()],
    ['', '_min', '_max', '_mean', '_stddev', '_p50', '_p90', '_p99'].map(
      (each) => `nodejs_eventloop_lag${each}_seconds`,
    ),
  )
  assert.ok([...told.values()].every(Number.isFinite))
  assert.ok((told.get('nodejs_eventloop_lag_max_seconds') ?? 0) >= blockedMs / 1e3)
})

function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}
