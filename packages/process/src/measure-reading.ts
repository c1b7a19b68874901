import type { Bus, Reader } from '@reckon/eventing'
import { gaugeIn, type Metrics } from './metrics.ts'

/**
 * Gauges of the lag of views and wire, computed when scraped. Positions themselves are not metrics: they may exceed
 * 2^53, where a float cannot distinguish neighbours; `/health` reports them.
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
