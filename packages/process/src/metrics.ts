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

/** What Node tells of every process: its memory, its processor time, the lag of its event loop. */
export const addProcessMetrics = (metrics: Metrics): void =>
  collectDefaultMetrics({ register: metrics })

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
 * A gauge that is collected when somebody asks, and costs nothing before. A later one of that name takes its place: what
 * the earlier one looked at is over.
 */
export function gaugeIn<L extends string>(
  metrics: Metrics,
  configuration: Own<GaugeConfiguration<L>> & Required<Pick<GaugeConfiguration<L>, 'collect'>>,
): void {
  metrics.removeSingleMetric(configuration.name)
  new Gauge({ ...configuration, registers: [metrics] })
}

/** The histogram of that name. */
export const histogramIn = <L extends string>(
  metrics: Metrics,
  configuration: Own<HistogramConfiguration<L>>,
): Histogram<L> => {
  const known = metrics.getSingleMetric(configuration.name)
  if (known instanceof Histogram) return known
  return new Histogram({ ...configuration, registers: [metrics] })
}
