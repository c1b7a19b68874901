import type { Measured, UsageSample } from './usage-sample.ts'

/** What is wanted of a metric: a part of what pods ask for, in percent; or an amount of each. */
export type Target = { readonly utilization: number } | { readonly value: number }

/** How many pods a metric wants, and what it is now. */
export type Proposal = {
  readonly replicas: number
  /** On average over the pods that tell: CPU in millicores, memory in bytes. */
  readonly averageValue: number
  /** In percent of what they ask for, where that is the target. */
  readonly averageUtilization?: number
}

/** Why a metric wants nothing, in upstream's words. */
export type Unknown = { readonly unknown: string }

/** A ratio of so much around 1 is as wanted: upstream's default. */
const tolerance = 0.1

/**
 * How many pods there should be so that a metric is as wanted: upstream's GetResourceReplicas and
 * GetRawResourceReplicas. Pods of which nothing is known count against a change in either direction. Pure.
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

/**
 * What is assumed of pods of which nothing is known: all that is wanted where there would be fewer, nothing where more.
 */
function assumed(samples: readonly UsageSample[], target: Target, ratio: number): PodLevel[] {
  return samples.flatMap(({ standing, request = 0 }) => {
    if (standing === 'Unready') return ratio > 1 ? [{ usage: 0, request }] : []
    if (standing !== 'Missing') return []
    const wanted =
      'value' in target ? target.value : (request * Math.max(100, target.utilization)) / 100
    return ratio === 1 ? [] : [{ usage: ratio < 1 ? wanted : 0, request }]
  })
}

/** With what is assumed nothing is done that goes the other way. */
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
