import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gauge } from 'prom-client'
import { addProcessMetrics, createMetrics } from './metrics.ts'

test('the lag of the event loop does not contain the time between two looks at it', async () => {
  const metrics = createMetrics()
  addProcessMetrics(metrics)
  const lag = metrics.getSingleMetric('nodejs_eventloop_lag_p99_seconds')
  assert.ok(lag instanceof Gauge)
  for (const [seconds, lagging] of [
    [0.35, 0.25],
    [0.0999, 0],
  ] as const) {
    lag.set({}, seconds)
    const { values } = await lag.get()
    assert.equal(values[0]?.value.toFixed(6), lagging.toFixed(6))
  }
})
