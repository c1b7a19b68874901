import { type Clock, type EventLog, isOutage } from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'
import { counterIn, gaugeIn, histogramIn, type Metrics } from './metrics.ts'

/** The log with its appends measured and its outages counted; reads pass through unchanged. */
export function measuredLog(
  log: EventLog,
  { clock, metrics }: { clock: Clock; metrics: Metrics },
): EventLog {
  const seconds = histogramIn(metrics, {
    name: 'reckon_append_duration_seconds',
    help: 'How long an append took, by its outcome',
    labelNames: ['result'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
  })
  const appended = counterIn(metrics, {
    name: 'reckon_appended_events_total',
    help: 'Events that this process has recorded',
  })
  const outages = counterIn(metrics, {
    name: 'reckon_event_store_outages_total',
    help: 'How often the event store went away',
  })
  let isAway = false
  gaugeIn(metrics, {
    name: 'reckon_event_store_away',
    help: 'Whether the event store did not answer when it was last asked',
    collect() {
      this.set(isAway ? 1 : 0)
    },
  })
  const noticing = async <T>(call: Promise<T>): Promise<T> => {
    try {
      const answer = await call
      isAway = false
      return answer
    } catch (error) {
      if (isOutage(error) && !isAway) outages.inc()
      isAway = isOutage(error)
      throw error
    }
  }
  // Forwarded one by one, because an adapter's methods are on its prototype, which a spread does
  // not copy.
  return {
    readStream: (stream, span) => log.readStream(stream, span),
    readAll: (span) => log.readAll(span),
    readAllBackwards: (before) => log.readAllBackwards(before),
    follow: (after, signal) => log.follow(after, signal),
    head: () => noticing(log.head()),
    tombstone: (stream) => log.tombstone(stream),
    limitStream: (stream, maxCount) => log.limitStream(stream, maxCount),
    close: () => log.close(),
    async append(stream, expected, events) {
      const beganMs = clock.now()
      let result = 'failed'
      try {
        const outcome = await noticing(log.append(stream, expected, events))
        result = outcome.recorded ? 'recorded' : 'conflict'
        if (outcome.recorded) appended.inc(events.length)
        return outcome
      } catch (error) {
        if (isRefusal(error)) result = error.reason
        throw error
      } finally {
        seconds.observe({ result }, (clock.now() - beganMs) / 1000)
      }
    },
  }
}
