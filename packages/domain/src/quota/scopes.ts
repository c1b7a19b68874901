import {
  isOf,
  type KubernetesObject,
  type Pod,
  pods,
  type ResourceQuota,
  type ScopeRequirement,
} from '@reckon/kubernetes'
import { qosClassOf } from '../kinds/qos-class.ts'

/**
 * Whether a quota's scopes match the object: a quota with scopes applies to pods only. As upstream's
 * `podMatchesScopeFunc`. Pure.
 */
export function isWithinScopes({ spec }: ResourceQuota, object: KubernetesObject): boolean {
  const requirements: readonly ScopeRequirement[] = [
    ...(spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })),
    ...(spec.scopeSelector?.matchExpressions ?? []),
  ]
  if (requirements.length === 0) return true
  return isOf(pods, object) && requirements.every((each) => isWithin(each, object))
}

function isWithin({ scopeName, operator, values = [] }: ScopeRequirement, pod: Pod): boolean {
  const { activeDeadlineSeconds, priorityClassName = '' } = pod.spec
  switch (scopeName) {
    case 'Terminating':
      return activeDeadlineSeconds !== undefined
    case 'NotTerminating':
      return activeDeadlineSeconds === undefined
    case 'BestEffort':
      return qosClassOf(pod.spec) === 'BestEffort'
    case 'NotBestEffort':
      return qosClassOf(pod.spec) !== 'BestEffort'
    case 'CrossNamespacePodAffinity':
      return isAcrossNamespaces(pod)
    case 'PriorityClass':
      if (operator === 'In') return values.includes(priorityClassName)
      if (operator === 'NotIn') return !values.includes(priorityClassName)
      return (operator === 'Exists') === (priorityClassName !== '')
    default:
      return false
  }
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'

/** Whether the pod has an affinity or anti-affinity to pods of other namespaces. */
function isAcrossNamespaces({ spec: { affinity } }: Pod): boolean {
  const terms = [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((kind) => [
    ...(kind?.[required] ?? []),
    ...(kind?.[preferred] ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ])
  return terms.some(
    (term) => (term?.namespaces?.length ?? 0) > 0 || term?.namespaceSelector !== undefined,
  )
}
