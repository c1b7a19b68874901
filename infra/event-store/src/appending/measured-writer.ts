import { counterIn, histogramIn, type Metrics } from '@reckon/process'
import type { Writer } from './writer.ts'

/** The writer, its writes measured by their outcome, from the moment they came until they are durable. */
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
  const written = counterIn(metrics, {
    name: 'reckon_store_written_bytes_total',
    help: 'Bytes of the writes that were recorded',
  })
  return {
    isCrowded: () => writer.isCrowded(),
    whenRoom: (resume) => writer.whenRoom(resume),
    close: () => writer.close(),
    async submit(write, bytes) {
      const beganMs = clock.now()
      const outcome = await writer.submit(write, bytes)
      seconds.observe({ outcome: outcome.type }, (clock.now() - beganMs) / 1000)
      if (outcome.type === 'Written') written.inc(bytes)
      return outcome
    },
  }
}
