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

/** What a process counts and measures, in Prometheus' form. */
export type Metrics = Registry

export type { Counter, Histogram }

/** None yet. A loop that is given no metrics counts into some that nobody reads. */
export const createMetrics = (): Metrics => new Registry()

/** Gauges that are named as counters, which Prometheus' own check refuses; nobody's boards ask for them. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/**
 * What Node tells of every process (its memory, its processor time, the lag of its event loop), and which version it is
 * of.
 */
export function addProcessMetrics(metrics: Metrics): void {
  collectDefaultMetrics({ register: metrics })
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

/** What is measured, one metric at a time. */
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
 * A gauge that is collected when somebody asks, and costs nothing before. A later one of that name takes its place:
 * what the earlier one looked at is over.
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
