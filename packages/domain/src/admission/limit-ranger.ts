import {
  type Container,
  forbidden,
  isDeepEqual,
  isOf,
  type KubernetesObject,
  type LimitRange,
  type LimitRangeItem,
  limitRanges,
  type Pod,
  persistentVolumeClaims,
  pods,
} from '@reckon/kubernetes'
import type { AdmissionPlugin, MutatingPlugin, OtherObjects } from './admission.ts'
import { brokenClaimLimits, brokenLimits } from './broken-limits.ts'

const annotation = 'kubernetes.io/limit-ranger'

/**
 * Applies the defaults of a namespace's LimitRanges to the containers of a new pod, and refuses pods and claims beyond
 * their limits; as upstream's plugin.
 */
export const limitRanger: MutatingPlugin & AdmissionPlugin = {
  name: 'LimitRanger',

  mutate({ object, before }, others) {
    if (before !== undefined || !isOf(pods, object)) return object
    return limitsFor(object, others).reduce(withDefaultsOf, object)
  },

  admit({ resource, object, before }, others) {
    const brokenOf = judgeOf(object, before)
    if (brokenOf === undefined) return
    for (const range of limitsFor(object, others)) {
      const broken = (range.spec.limits ?? []).flatMap(brokenOf)
      if (broken.length === 0) continue
      const why = broken.length > 1 ? `[${broken.join(', ')}]` : (broken[0] ?? '')
      throw forbidden(resource, object.metadata.name, why)
    }
  },
}

/** Which limits an item sets that the object newly exceeds; undefined where it asks for nothing new. */
function judgeOf(
  object: KubernetesObject,
  before: KubernetesObject | undefined,
): ((item: LimitRangeItem) => readonly string[]) | undefined {
  if (isOf(pods, object)) return before ? undefined : (item) => brokenLimits(item, object)
  if (!isOf(persistentVolumeClaims, object)) return undefined
  const isAsBefore =
    before !== undefined &&
    isOf(persistentVolumeClaims, before) &&
    isDeepEqual(before.spec.resources, object.spec.resources)
  return isAsBefore ? undefined : (item) => brokenClaimLimits(item, object)
}

const limitsFor = (
  { metadata: { namespace = '' } }: KubernetesObject,
  others: OtherObjects,
): LimitRange[] => others.list(limitRanges, namespace).map(({ object }) => object)

type Amounts = Record<string, string>

function withDefaultsOf(pod: Pod, { spec }: LimitRange): Pod {
  const items = (spec.limits ?? []).filter(({ type }) => type === 'Container')
  const limits: Amounts = Object.assign({}, ...items.map((item) => item.default))
  const requests: Amounts = Object.assign({}, ...items.map((item) => item.defaultRequest))
  const said: string[] = []
  const filled = (what: string) => (container: Container) => {
    const { resources = {}, name } = container
    const missing = (given: Amounts, had: Amounts = {}) =>
      Object.keys(given).filter((resource) => !Object.hasOwn(had, resource))
    const newRequests = missing(requests, resources.requests)
    const newLimits = missing(limits, resources.limits)
    const say = (which: readonly string[], part: string) => {
      const names = which.toSorted().join(', ')
      if (names) said.push(`${names} ${part} for ${what} ${name}`)
    }
    say(newRequests, 'request')
    say(newLimits, 'limit')
    const of = (given: Amounts, had: Amounts | undefined) => {
      const all = { ...given, ...had }
      return Object.keys(all).length > 0 ? all : undefined
    }
    const [allRequests, allLimits] = [
      of(requests, resources.requests),
      of(limits, resources.limits),
    ]
    return {
      ...container,
      resources: {
        ...resources,
        ...(allLimits && { limits: allLimits }),
        ...(allRequests && { requests: allRequests }),
      },
    }
  }
  const { containers, initContainers } = pod.spec
  const newSpec = {
    ...pod.spec,
    ...(containers && { containers: containers.map(filled('container')) }),
    ...(initContainers && { initContainers: initContainers.map(filled('init container')) }),
  }
  if (said.length === 0) return pod
  const annotations = {
    ...pod.metadata.annotations,
    [annotation]: `LimitRanger plugin set: ${said.join('; ')}`,
  }
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec: newSpec }
}
