import { servedVersion } from '@reckon/kubernetes/served-version'
import {
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from 'prom-client'
import { addLoopDelay, noEventLoopSamples } from './loop-delay.ts'

/** A process' metrics, in Prometheus' format. */
export type Metrics = Registry

export type { Counter, Histogram }

/** An empty registry. A loop without metrics uses one that nobody reads. */
export const createMetrics = (): Metrics => new Registry()

/** Default gauges with names of counters, which Prometheus' linter rejects; no dashboards use them. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/** Node's default metrics of a process (memory, CPU time, event loop lag), and its version. */
export function addProcessMetrics(metrics: Metrics): void {
  collectDefaultMetrics({ register: metrics, ...noEventLoopSamples })
  addLoopDelay(metrics)
  for (const name of misnamed) metrics.removeSingleMetric(name)
  const { major, minor, gitVersion: git_version } = servedVersion
  gaugeIn(metrics, {
    name: 'kubernetes_build_info',
    help: 'The version of Kubernetes whose API is served',
    labelNames: ['major', 'minor', 'git_version'],
    collect() {
      this.set({ major, minor, git_version }, 1)
    },
  })
}

/** The metrics, formatted one at a time. */
export async function* metricsTexts(metrics: Metrics): AsyncGenerator<string> {
  for (const { name } of metrics.getMetricsAsArray()) {
    yield `${await metrics.getSingleMetricAsString(name)}\n`
  }
}

type Own<Configuration> = Omit<Configuration, 'registers'>

/** The counter of that name; several loops of one process share it. */
export const counterIn = <L extends string>(
  metrics: Metrics,
  configuration: Own<CounterConfiguration<L>>,
): Counter<L> => {
  const known = metrics.getSingleMetric(configuration.name)
  if (known instanceof Counter) return known
  return new Counter({ ...configuration, registers: [metrics] })
}

/**
 * A gauge that is computed when scraped. A later one of that name replaces it, because what the earlier one observed
 * has ended.
 */
export function gaugeIn<L extends string>(
  metrics: Metrics,
  configuration: Own<GaugeConfiguration<L>> & Required<Pick<GaugeConfiguration<L>, 'collect'>>,
): void {
  metrics.removeSingleMetric(configuration.name)
  new Gauge({ ...configuration, registers: [metrics] })
}

/** The histogram of that name; several loops of one process share it. */
export const histogramIn = <L extends string>(
  metrics: Metrics,
  configuration: Own<HistogramConfiguration<L>>,
): Histogram<L> => {
  const known = metrics.getSingleMetric(configuration.name)
  if (known instanceof Histogram) return known
  return new Histogram({ ...configuration, registers: [metrics] })
}
