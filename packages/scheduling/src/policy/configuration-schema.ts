import type { Schema } from '@reckon/kubernetes'
import { int32, text } from './arguments.ts'

const listOf = (items: Schema): Schema => ({ items })

const named: Schema = { properties: { name: text, weight: int32 } }
const pluginSet: Schema = {
  properties: {
    enabled: listOf(named),
    disabled: listOf(named),
  },
}

/** Extension points that are served, and those of upstream that are refused by name. */
export const servedPoints = ['multiPoint', 'filter', 'score', 'postFilter'] as const
export const otherPoints = [
  ...['preEnqueue', 'queueSort', 'preFilter', 'preScore', 'reserve'],
  ...['permit', 'preBind', 'bind', 'postBind'],
] as const

/** Fields of upstream's configuration that have no effect here, and are refused by name. */
export const otherFields = [
  ...['parallelism', 'leaderElection', 'clientConnection', 'enableProfiling'],
  ...['enableContentionProfiling', 'podInitialBackoffSeconds', 'podMaxBackoffSeconds'],
  ...['extenders', 'delayCacheUntilActive', 'percentageOfNodesToScore'],
] as const

const anything: Schema = {}
const each = (names: readonly string[], schema: Schema) =>
  Object.fromEntries(names.map((name) => [name, schema]))

/** The supported part of kubescheduler.config.k8s.io/v1. */
export const configurationSchema: Schema = {
  properties: {
    apiVersion: text,
    kind: text,
    ...each(otherFields, anything),
    profiles: listOf({
      properties: {
        schedulerName: text,
        percentageOfNodesToScore: anything,
        plugins: { properties: each([...servedPoints, ...otherPoints], pluginSet) },
        pluginConfig: listOf({ properties: { name: text, args: { type: 'object' } } }),
      },
    }),
  },
}
