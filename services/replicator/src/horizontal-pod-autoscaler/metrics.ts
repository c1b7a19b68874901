import type { SeenMetric } from '@reckon/domain'
import {
  canonicalQuantity,
  cpuMillis,
  type HorizontalPodAutoscaler,
  unitsOf,
} from '@reckon/kubernetes'
import { type Proposal, replicasByUsage, type Target } from './replicas-by-usage.ts'
import type { Measured, UsageSample } from './usage-sample.ts'

type MetricSpec = NonNullable<HorizontalPodAutoscaler['spec']['metrics']>[number]
export type MetricStatus = NonNullable<
  NonNullable<HorizontalPodAutoscaler['status']>['currentMetrics']
>[number]

/** The result of a metric: how many replicas it asks for, or why that is unknown; and how to show it. */
export type JudgedMetric = {
  readonly seen: SeenMetric
  readonly status?: MetricStatus
  /** The reason for the condition, where the result is unknown. */
  readonly reason: string
}

type Context = { current: number; samplesOf(measured: Measured): readonly UsageSample[] }

/**
 * Evaluates one metric of an autoscaler. Only the resource usage of pods is measured here; metrics from other sources
 * are unknown.
 */
export function judgedMetric(spec: MetricSpec, { current, samplesOf }: Context): JudgedMetric {
  const source = spec.resource ?? spec.containerResource
  const kind = spec.type === 'ContainerResource' ? 'container resource' : 'resource'
  if (source === undefined) return unmeasured(spec)
  const measured = { resource: source.name, container: spec.containerResource?.container }
  const target = targetOf(measured, source.target)
  const samples = samplesOf(measured)
  const found = target
    ? replicasByUsage(samples, target, { measured, current })
    : { unknown: noTarget }
  const isUtilization = target === undefined || 'utilization' in target
  const name = `${source.name} ${kind}${isUtilization ? ' utilization (percentage of request)' : ''}`
  const seen = { name, target: shownTarget(source.target), pods: standingsOf(samples) }
  const reason = `FailedGet${spec.type}Metric`
  if ('unknown' in found) {
    const what = isUtilization ? 'utilization' : 'usage'
    return {
      seen: { ...seen, unknown: `failed to get ${source.name} ${what}: ${found.unknown}` },
      reason,
    }
  }
  const shown = shownCurrent(measured, found)
  const { replicas } = found
  return {
    seen: {
      ...seen,
      current: isUtilization ? `${shown.averageUtilization}%` : shown.averageValue,
      replicas,
    },
    status: statusOf(spec, shown),
    reason,
  }
}

const noTarget =
  'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set'

function unmeasured({ type }: MetricSpec): JudgedMetric {
  const reason = `FailedGet${type}Metric`
  const unknown = `unable to get metrics of type ${type}: nothing here serves them`
  return { seen: { name: type, target: '<unknown>', unknown, pods: standingsOf([]) }, reason }
}

type Source = NonNullable<MetricSpec['resource']>

/** The target for each pod, in millicores, bytes or percent of its request. */
export function targetOf(
  { resource }: Measured,
  { averageUtilization, averageValue }: Source['target'],
): Target | undefined {
  if (averageValue !== undefined) {
    return { value: resource === 'cpu' ? cpuMillis(averageValue) : unitsOf(averageValue) }
  }
  return averageUtilization === undefined ? undefined : { utilization: averageUtilization }
}

const shownTarget = ({ averageUtilization, averageValue }: Source['target']): string =>
  averageValue ?? (averageUtilization === undefined ? '<auto>' : `${averageUtilization}%`)

type Current = { averageValue: string; averageUtilization?: number }

function shownCurrent(
  { resource }: Measured,
  { averageValue, averageUtilization }: Proposal,
): Current {
  return {
    averageValue: canonicalQuantity(resource === 'cpu' ? `${averageValue}m` : averageValue),
    ...(averageUtilization !== undefined && { averageUtilization }),
  }
}

function statusOf(
  { type, resource, containerResource }: MetricSpec,
  current: Current,
): MetricStatus {
  if (containerResource) {
    const { name, container } = containerResource
    return { type, containerResource: { name, container, current } }
  }
  return { type, resource: { name: resource?.name ?? '', current } }
}

function standingsOf(samples: readonly UsageSample[]): SeenMetric['pods'] {
  const count = (standing: UsageSample['standing']) =>
    samples.filter((sample) => sample.standing === standing).length
  return {
    ready: count('Ready'),
    unready: count('Unready'),
    missing: count('Missing'),
    ignored: count('Ignored'),
  }
}
