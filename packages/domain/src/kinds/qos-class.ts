import type { PodSpec } from '@reckon/kubernetes'

const bounded = ['cpu', 'memory'] as const

/**
 * Guaranteed, Burstable or BestEffort, by Kubernetes' rule (`GetPodQOS`): in which order pods are killed when memory is
 * short.
 */
export function qosClassOf(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])]
  const asksNothing = containers.every(({ resources }) =>
    bounded.every((name) => !resources?.requests?.[name] && !resources?.limits?.[name]),
  )
  if (asksNothing) return 'BestEffort'
  const isGuaranteed = containers.every(({ resources }) =>
    bounded.every((name) => {
      const limit = resources?.limits?.[name]
      return limit !== undefined && (resources?.requests?.[name] ?? limit) === limit
    }),
  )
  return isGuaranteed ? 'Guaranteed' : 'Burstable'
}
