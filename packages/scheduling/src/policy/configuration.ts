import {
  duplicate,
  type FieldError,
  forbiddenField,
  invalid,
  notSupported,
  required,
  schedulerNameOf,
} from '@reckon/kubernetes'
import {
  configurationSchema,
  otherFields,
  otherPoints,
  type servedPoints,
} from './configuration-schema.ts'
import { decoded } from './decoded.ts'

/** A plugin that is enabled or disabled; `*` disables all. */
export type NamedPlugin = { readonly name?: string; readonly weight?: number }
export type PluginSet = {
  readonly enabled?: readonly NamedPlugin[]
  readonly disabled?: readonly NamedPlugin[]
}
export type ServedPoint = (typeof servedPoints)[number]

/** How the pods with one `schedulerName` are placed. */
export type Profile = {
  readonly schedulerName?: string
  readonly plugins?: Readonly<Partial<Record<ServedPoint, PluginSet>>>
  readonly pluginConfig?: readonly { readonly name?: string; readonly args?: unknown }[]
}

/** The supported part of KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1). */
export type SchedulerConfiguration = {
  readonly apiVersion: typeof apiVersion
  readonly kind: typeof kind
  readonly profiles?: readonly Profile[]
}

const group = 'kubescheduler.config.k8s.io'
const apiVersion = 'kubescheduler.config.k8s.io/v1'
const kind = 'KubeSchedulerConfiguration'

/** A refusal that names what is wrong with a configuration. */
export const invalidConfiguration = (problems: readonly FieldError[]) =>
  invalid({ group, kind }, '', problems)

/**
 * The configuration in a document; throws `Invalid`, naming each field that is unknown or has no effect here.
 */
export function readConfiguration(document: unknown): SchedulerConfiguration {
  const problems: FieldError[] = []
  const read = decoded<SchedulerConfiguration>(configurationSchema, document, {
    path: '',
    problems,
  })
  if (read.apiVersion !== apiVersion) {
    problems.push(notSupported('apiVersion', read.apiVersion, [apiVersion]))
  }
  if (read.kind !== kind) problems.push(notSupported('kind', read.kind, [kind]))
  problems.push(...unserved(read, otherFields, ''), ...profileProblems(read.profiles ?? []))
  if (problems.length > 0) throw invalidConfiguration(problems)
  return read
}

function profileProblems(profiles: readonly Profile[]): FieldError[] {
  const names = profiles.map(schedulerNameOf)
  return profiles.flatMap((profile, index) => {
    const path = `profiles[${index}]`
    const name = names[index]
    return [
      ...(profiles.length > 1 && !profile.schedulerName ? [required(`${path}.schedulerName`)] : []),
      ...(names.indexOf(name ?? '') < index ? [duplicate(`${path}.schedulerName`, name)] : []),
      ...unserved(profile, ['percentageOfNodesToScore'], `${path}.`),
      ...unserved(profile.plugins ?? {}, otherPoints, `${path}.plugins.`),
    ]
  })
}

const unserved = (object: object, fields: readonly string[], path: string): FieldError[] =>
  fields
    .filter((field) => Object.hasOwn(object, field))
    .map((field) => forbiddenField(`${path}${field}`, 'this scheduler has no such thing'))
