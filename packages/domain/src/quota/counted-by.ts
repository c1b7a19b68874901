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

/** The amounts that a quota bounds and that objects of this kind may have any of. */
export const boundsOf = ({ spec }: ResourceQuota, resource: Resource): readonly string[] =>
  Object.keys(spec.hard ?? {}).filter((name) => counts(resource, name))

/** What a quota counts of an object; nothing where it is not about it. Pure. */
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

/** What each container has to say, where a quota bounds it, and does not; empty where nothing is missing. Pure. */
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
