import { dataOf, type Recorded } from './recorded-data.ts'

/** What the scheduler is to go by is in this stream. */
export const schedulerStream = 'policies-scheduler'

/**
 * `SchedulerConfigured`: from here on the scheduler goes by this KubeSchedulerConfiguration, by upstream's defaults
 * where it is null. Decisions name its digest.
 */
export type SchedulerConfigured = { configuration: unknown; digest: string }

export const schedulerConfiguredIn = (event: Recorded): SchedulerConfigured =>
  dataOf(event, 'configuration', 'digest')
