import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Gauge, type Registry } from 'prom-client'

const name = 'nodejs_eventloop_lag'

/** For `collectDefaultMetrics`, whose own histogram would wake an idle process a hundred times a second: never. */
export const noEventLoopSamples = { eventLoopMonitoringPrecision: 2 ** 31 - 1 }

/**
 * The delay of the event loop, under the names of prom-client's default metrics: for how long a turn of it held up what
 * came next. A sample is taken in each turn, and so none while nothing happens; prom-client takes its samples by a timer
 * of 10 ms, which costs an idle process more than all else that it does.
 */
export function addLoopDelay(metrics: Registry): void {
  const delays = monitorEventLoopDelay({ samplePerIteration: true })
  delays.enable()
  // The first turn would count from here to its end, with what it waited for.
  setImmediate(() => delays.reset())
  // The first of them to be read sets them all.
  const lag = gaugeOf(metrics, `${name}_seconds`, 'Lag of event loop in seconds.', () => {
    const since = performance.now()
    setImmediate(() => lag.set((performance.now() - since) / 1e3))
    for (const set of gauges) set()
    delays.reset()
  })
  const gauges = statistics.map(([suffix, help, nanosOf]) => {
    const gauge = gaugeOf(metrics, `${name}_${suffix}_seconds`, help)
    return () => gauge.set(delays.count === 0 ? 0 : nanosOf(delays) / 1e9)
  })
}

type Delays = ReturnType<typeof monitorEventLoopDelay>
type Statistic = readonly [suffix: string, help: string, nanosOf: (delays: Delays) => number]

const statistics: readonly Statistic[] = [
  ['min', 'The minimum recorded event loop delay.', ({ min }) => min],
  ['max', 'The maximum recorded event loop delay.', ({ max }) => max],
  ['mean', 'The mean of the recorded event loop delays.', ({ mean }) => mean],
  ['stddev', 'The standard deviation of the recorded event loop delays.', ({ stddev }) => stddev],
  ...[50, 90, 99].map((percent): Statistic => {
    const help = `The ${percent}th percentile of the recorded event loop delays.`
    return [`p${percent}`, help, (delays) => delays.percentile(percent)]
  }),
]

/** A gauge in place of the one of that name. */
function gaugeOf(metrics: Registry, name: string, help: string, collect?: () => void): Gauge {
  metrics.removeSingleMetric(name)
  return new Gauge({ name, help, registers: [metrics], ...(collect && { collect }) })
}
