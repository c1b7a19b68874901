import { dataOf, type Recorded } from './recorded-data.ts'

/** The stream of the scheduler's configuration. */
export const schedulerStream = 'policies-scheduler'

/**
 * `SchedulerConfigured`: from here on the scheduler uses this KubeSchedulerConfiguration, or upstream's defaults where
 * it is null. Decisions name its digest.
 */
export type SchedulerConfigured = { configuration: unknown; digest: string }

export const schedulerConfiguredIn = (event: Recorded): SchedulerConfigured =>
  dataOf(event, 'configuration', 'digest')
