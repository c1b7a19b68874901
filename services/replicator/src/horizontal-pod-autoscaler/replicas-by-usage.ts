import type { Measured, UsageSample } from './usage-sample.ts'

/** The target of a metric: a percentage of the pods' requests, or an amount for each pod. */
export type Target = { readonly utilization: number } | { readonly value: number }

/** The replicas that a metric asks for, and its present value. */
export type Proposal = {
  readonly replicas: number
  /** The average over the pods that report: CPU in millicores, memory in bytes. */
  readonly averageValue: number
  /** The percentage of the requests, where that is the target. */
  readonly averageUtilization?: number
}

/** Why the metric gives no result, in upstream's words. */
export type Unknown = { readonly unknown: string }

/** A ratio within this of 1 counts as on target: upstream's default tolerance. */
const tolerance = 0.1

/**
 * How many pods there should be for a metric to be on target: upstream's GetResourceReplicas and
 * GetRawResourceReplicas. Pods without data count against a change in either direction. Pure.
 */
export function replicasByUsage(
  samples: readonly UsageSample[],
  target: Target,
  { measured, current }: { measured: Measured; current: number },
): Proposal | Unknown {
  const { resource } = measured
  const counted = samples.filter(({ standing }) => standing === 'Ready')
  if (samples.length === 0)
    return unknown('no pods returned by selector while calculating replica count')
  if (samples.every(({ usage }) => usage === undefined)) {
    return unknown(
      `unable to get metrics for resource ${resource}: no metrics returned from resource metrics API`,
    )
  }
  if (counted.length === 0) {
    return unknown('did not receive metrics for targeted pods (pods might be unready)')
  }
  const unasked = samples.find((sample) => sample.unasked !== undefined)
  if ('utilization' in target && unasked) {
    return unknown(
      `missing request for ${resource} in container ${unasked.unasked} of Pod ${unasked.pod}`,
    )
  }
  const known = counted.map(({ usage = 0, request = 0 }) => ({ usage, request }))
  const now = levelOf(known, target)
  const shown = {
    averageValue: Math.floor(now.average),
    ...(now.utilization !== undefined && { averageUtilization: now.utilization }),
  }
  const all = [...known, ...assumed(samples, target, now.ratio)]
  if (all.length > known.length) {
    const count = all.length
    return {
      replicas: cautious(now.ratio, levelOf(all, target).ratio, { count, current }),
      ...shown,
    }
  }
  return { replicas: near(now.ratio) ? current : Math.ceil(now.ratio * known.length), ...shown }
}

const unknown = (text: string): Unknown => ({ unknown: text })

const near = (ratio: number): boolean => 1 - tolerance <= ratio && ratio <= 1 + tolerance

type PodLevel = { usage: number; request: number }

function levelOf(pods: readonly PodLevel[], target: Target) {
  const usage = pods.reduce((sum, pod) => sum + pod.usage, 0)
  const average = usage / pods.length
  if ('value' in target) return { average, ratio: average / target.value }
  const request = pods.reduce((sum, pod) => sum + pod.request, 0)
  const utilization = request === 0 ? 0 : Math.floor((usage * 100) / request)
  return { average, utilization, ratio: utilization / target.utilization }
}

/** The usage assumed for pods without data: exactly the target when scaling down, nothing when scaling up. */
function assumed(samples: readonly UsageSample[], target: Target, ratio: number): PodLevel[] {
  return samples.flatMap(({ standing, request = 0 }) => {
    if (standing === 'Unready') return ratio > 1 ? [{ usage: 0, request }] : []
    if (standing !== 'Missing') return []
    const wanted =
      'value' in target ? target.value : (request * Math.max(100, target.utilization)) / 100
    return ratio === 1 ? [] : [{ usage: ratio < 1 ? wanted : 0, request }]
  })
}

/** If the assumptions reverse the direction, nothing is changed. */
function cautious(
  before: number,
  after: number,
  { count, current }: { count: number; current: number },
): number {
  const isOtherWay = (before < 1 && after > 1) || (before > 1 && after < 1)
  if (near(after) || isOtherWay) return current
  const replicas = Math.ceil(after * count)
  const isAgainst = (after < 1 && replicas > current) || (after > 1 && replicas < current)
  return isAgainst ? current : replicas
}
