import { type FieldError, fnv1a32, schedulerNameDefault, schedulerNameOf } from '@reckon/kubernetes'
import type { Policy } from '../framework.ts'
import {
  invalidConfiguration,
  readConfiguration,
  type SchedulerConfiguration,
} from './configuration.ts'
import { defaultPolicy } from './default-policy.ts'
import { pluginsOf } from './profile-policy.ts'

/** The policies at one moment, by the `schedulerName` of pods. */
export type Policies = ReadonlyMap<string, Policy>

/** The policies where nothing is configured. */
export const defaultPolicies: Policies = new Map([[schedulerNameDefault, defaultPolicy]])

/**
 * The policies of a configuration, each called `<scheduler's name>@<digest of the configuration>`; throws `Invalid`
 * naming what is wrong with it.
 */
export function policiesOf(document: unknown): Policies {
  const configuration = readConfiguration(document)
  const { profiles = [] } = configuration
  const problems: FieldError[] = []
  const digest = digestOf(configuration)
  const policies = new Map(
    (profiles.length === 0 ? [{}] : profiles).map((profile, index) => {
      const schedulerName = schedulerNameOf(profile)
      const plugins = pluginsOf(profile, `profiles[${index}]`, problems)
      return [schedulerName, { name: `${schedulerName}@${digest}`, plugins }]
    }),
  )
  if (problems.length > 0) throw invalidConfiguration(problems)
  return policies
}

/** Equal for configurations with the same meaning, whatever the order of their fields. */
export function digestOf(configuration: SchedulerConfiguration): string {
  const text = JSON.stringify(configuration, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
  const halves = [fnv1a32(text), fnv1a32(`policy ${text}`)]
  return halves.map((half) => half.toString(16).padStart(8, '0')).join('')
}
