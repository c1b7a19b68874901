import { messageOf } from '@reckon/kubernetes'
import { policiesOf, readConfiguration, type SchedulerConfiguration } from '@reckon/scheduling'
import { type ApiClient, expectJson } from './api-client.ts'
import { documentsIn } from './documents.ts'

/** The scheduler's configuration; null: upstream's defaults. */
export type SchedulerConfig = {
  configuration: SchedulerConfiguration | null
  digest: string
  position?: string
  time?: string
  actor?: string
}

const path = '/apis/scheduler.reckon.dev/v1/configuration'

/** Reads a KubeSchedulerConfiguration from a YAML or JSON file; throws naming what is wrong with it. */
export async function readSchedulerConfig(file: string): Promise<SchedulerConfiguration> {
  const documents = await documentsIn(file)
  if (documents.length > 1) {
    throw new Error(`${file}: it holds ${documents.length} documents, and a policy is one`)
  }
  try {
    const configuration = readConfiguration(documents[0])
    policiesOf(configuration)
    return configuration
  } catch (error) {
    throw new Error(`${file}: ${messageOf(error)}`, { cause: error })
  }
}

export const schedulerConfigOf = async (api: ApiClient): Promise<SchedulerConfig> =>
  expectJson(await api.ask('GET', path))

/** Sets the scheduler's configuration; setting the same again changes nothing. */
export const configureScheduler = async (
  api: ApiClient,
  configuration: SchedulerConfiguration,
): Promise<SchedulerConfig> => expectJson(await api.ask('PUT', path, configuration))

/** Resets the scheduler to upstream's defaults. */
export const unconfigureScheduler = async (api: ApiClient): Promise<SchedulerConfig> =>
  expectJson(await api.ask('DELETE', path))
