import {
  type Container,
  isOf,
  type KubernetesObject,
  ownValue,
  pods,
  type Resource,
  type ResourceQuota,
} from '@reckon/kubernetes'
import { type Amounts, only } from '../amounts.ts'
import { isWithinScopes } from './scopes.ts'
import { counts, usageOf } from './usage-of.ts'

/** The amounts bounded by a quota of which objects of this kind may use any. */
export const boundsOf = ({ spec }: ResourceQuota, resource: Resource): readonly string[] =>
  Object.keys(spec.hard ?? {}).filter((name) => counts(resource, name))

/** What a quota counts for an object; nothing if the quota does not apply to it. Pure. */
export function countedBy(
  quota: ResourceQuota,
  resource: Resource,
  object: KubernetesObject,
): Amounts {
  const bounds = boundsOf(quota, resource)
  if (bounds.length === 0 || !isWithinScopes(quota, object)) return {}
  return only(usageOf(resource, object), (name) => bounds.includes(name))
}

const demanded = ['cpu', 'limits.cpu', 'limits.memory', 'memory', 'requests.cpu', 'requests.memory']

/**
 * The requests and limits that containers must declare because a quota bounds them, but do not; empty where nothing is
 * missing. Pure.
 */
export function unsaid(quota: ResourceQuota, object: KubernetesObject): string {
  if (!isOf(pods, object) || !isWithinScopes(quota, object)) return ''
  const bounds = boundsOf(quota, pods)
  const { containers, initContainers = [] } = object.spec
  return demanded
    .filter((name) => bounds.includes(name))
    .flatMap((name) => {
      const silent = [...containers, ...initContainers].filter((each) => !says(each, name))
      const names = new Set(silent.map((container) => container.name).sort())
      return names.size > 0 ? [`${name} for: ${[...names].join(',')}`] : []
    })
    .join('; ')
}

function says({ resources }: Container, name: string): boolean {
  const [, part = '', what = name] = /^(requests|limits)\.(.+)$/.exec(name) ?? []
  return ownValue(part === 'limits' ? resources?.limits : resources?.requests, what) !== undefined
}
