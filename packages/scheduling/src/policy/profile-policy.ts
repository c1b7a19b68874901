import { type FieldError, forbiddenField, notFoundValue } from '@reckon/kubernetes'
import type { ExtensionPoint, Plugin, WeightedPlugin } from '../framework.ts'
import { outside } from './arguments.ts'
import type { NamedPlugin, PluginSet, Profile, ServedPoint } from './configuration.ts'
import { defaultPolicy } from './default-policy.ts'
import { narrowed } from './narrowed-plugin.ts'
import { configurable } from './plugin-arguments.ts'

/** Upstream's plugins without a counterpart here: naming them is allowed where it changes nothing. */
const fixed = ['PrioritySort', 'SchedulingGates', 'DefaultBinder']
const weightMax = 100

/**
 * The plugins of a profile, with its weights and arguments, by kube-scheduler's rules: what an extension point enables
 * or disables takes precedence over `multiPoint`. The order is that of the default profile.
 */
export function pluginsOf(
  profile: Profile,
  path: string,
  problems: FieldError[],
): WeightedPlugin[] {
  problems.push(...namingProblems(profile, path))
  const { multiPoint = {} } = profile.plugins ?? {}
  return defaultPolicy.plugins.flatMap(({ plugin, weight }): WeightedPlugin[] => {
    const { name } = plugin
    const everywhere = enabledIn(multiPoint, name)
    const isThere = everywhere !== undefined || !isDisabled(multiPoint, name)
    const points = plugin.points.filter((point) => isAt(profile, point, { name, isThere }))
    if (points.length === 0) return []
    const given = enabledIn(setAt(profile, 'score'), name)?.weight || everywhere?.weight
    return [
      {
        plugin: narrowed(configured(plugin, profile, { path, problems }), points),
        weight: points.includes('score') ? given || Math.max(weight, 1) : 0,
      },
    ]
  })
}

function isAt(
  profile: Profile,
  point: ExtensionPoint,
  { name, isThere }: { name: string; isThere: boolean },
): boolean {
  const set = setAt(profile, point)
  return enabledIn(set, name) !== undefined || (isThere && !isDisabled(set, name))
}

const setAt = ({ plugins }: Profile, point: ServedPoint): PluginSet => plugins?.[point] ?? {}

const enabledIn = ({ enabled = [] }: PluginSet, name: string): NamedPlugin | undefined =>
  enabled.find((each) => each.name === name)

const isDisabled = ({ disabled = [] }: PluginSet, name: string): boolean =>
  disabled.some((each) => each.name === name || each.name === '*')

function configured(
  plugin: Plugin,
  { pluginConfig = [] }: Profile,
  { path, problems }: { path: string; problems: FieldError[] },
): Plugin {
  const index = pluginConfig.findIndex(({ name }) => name === plugin.name)
  const create = configurable[plugin.name]
  if (index < 0 || create === undefined) return plugin
  const at = { path: `${path}.pluginConfig[${index}].args`, problems }
  return create(pluginConfig[index]?.args ?? {}, at)
}

function namingProblems({ plugins = {}, pluginConfig = [] }: Profile, path: string): FieldError[] {
  const sets = Object.entries(plugins)
  return [
    ...sets.flatMap(([point, set]) => setProblems(set, `${path}.plugins.${point}`, point)),
    ...pluginConfig.flatMap(({ name = '' }, index) => {
      const field = `${path}.pluginConfig[${index}].name`
      if (configurable[name]) return []
      const isKnown = fixed.includes(name) || isOurs(name)
      return [
        isKnown
          ? forbiddenField(field, `${name} takes no arguments here`)
          : notFoundValue(field, name),
      ]
    }),
  ]
}

function setProblems({ enabled = [], disabled = [] }: PluginSet, path: string, point: string) {
  return [
    ...enabled.flatMap(({ name = '', weight = 0 }, index): FieldError[] => {
      const at = `${path}.enabled[${index}]`
      return [
        ...(isEnabledThere(name, point) ? [] : [notFoundValue(`${at}.name`, name)]),
        ...outside(`${at}.weight`, weight, [0, weightMax]),
      ]
    }),
    ...disabled.flatMap(({ name = '' }, index): FieldError[] => {
      const field = `${path}.disabled[${index}].name`
      return fixed.includes(name) && point !== 'score' && point !== 'filter'
        ? [forbiddenField(field, `${name} cannot be left out`)]
        : []
    }),
  ]
}

function isEnabledThere(name: string, point: string): boolean {
  if (point === 'multiPoint') return isOurs(name) || fixed.includes(name)
  return defaultPolicy.plugins.some(
    ({ plugin }) => plugin.name === name && plugin.points.some((each) => each === point),
  )
}

const isOurs = (name: string): boolean =>
  defaultPolicy.plugins.some(({ plugin }) => plugin.name === name)
