import { counterIn, histogramIn, type Metrics } from '@reckon/process/metrics'
import type { Writer } from './writer.ts'

const written = { activity: 'written' }

/**
 * Measures each write by its outcome, from its arrival until it is durable; and the events recorded, under KurrentDB's
 * names for the metrics (KurrentDB is EventStoreDB's present name).
 */
export function measuredWriter(
  writer: Writer,
  { clock, metrics }: { clock: { now(): number }; metrics: Metrics },
): Writer {
  const seconds = histogramIn(metrics, {
    name: 'reckon_store_write_duration_seconds',
    help: 'How long a write took until it was durable, by its outcome',
    labelNames: ['outcome'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
  })
  const bytesWritten = counterIn(metrics, {
    name: 'kurrentdb_io_bytes_total',
    help: 'Bytes of the writes that were recorded',
    labelNames: ['activity'],
  })
  const eventsWritten = counterIn(metrics, {
    name: 'kurrentdb_io_events_total',
    help: 'Events that were recorded',
    labelNames: ['activity'],
  })
  return {
    isCrowded: () => writer.isCrowded(),
    whenRoom: (resume) => writer.whenRoom(resume),
    close: () => writer.close(),
    async submit(write, bytes) {
      const beganMs = clock.now()
      const outcome = await writer.submit(write, bytes)
      seconds.observe({ outcome: outcome.type }, (clock.now() - beganMs) / 1000)
      if (outcome.type !== 'Written') return outcome
      bytesWritten.inc(written, bytes)
      if (write.type === 'Append') eventsWritten.inc(written, write.events.length)
      return outcome
    },
  }
}
