import type { Bus, Reader } from '@reckon/eventing'
import { gaugeIn, type Metrics } from './metrics.ts'

/**
 * How far the views and the wire are, looked up when somebody asks. No position is a metric: it may lie above 2^53,
 * where a float would not tell it from the next one; `/health` tells it.
 */
export function measureReading(
  metrics: Metrics,
  { reader, bus }: { reader: Reader; bus: Bus },
): void {
  let isReady = false
  void reader.ready.then(() => {
    isReady = true
  })
  gaugeIn(metrics, {
    name: 'reckon_view_lag_seconds',
    help: 'For how long the views have been behind the last event that was heard of',
    collect() {
      this.set(reader.lagMs / 1000)
    },
  })
  gaugeIn(metrics, {
    name: 'reckon_view_ready',
    help: 'Whether the views have once reached the end of the log',
    collect() {
      this.set(isReady ? 1 : 0)
    },
  })
  gaugeIn(metrics, {
    name: 'reckon_wire_connected',
    help: 'Whether NATS is there',
    collect() {
      this.set(bus.connected ? 1 : 0)
    },
  })
}
