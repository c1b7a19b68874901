import type { ScalingDecision } from '@reckon/domain'
import { type HorizontalPodAutoscaler, isDeepEqual, secondsOf } from '@reckon/kubernetes'
import type { ControllerNote } from '../writer.ts'
import { conditionsWith, type Statement } from './conditions.ts'
import { type JudgedMetric, judgedMetric, type MetricStatus } from './metrics.ts'
import { haveMoved } from './moved-metrics.ts'
import type { PastScaling } from './past-scaling.ts'
import { limited, stabilized } from './scaling-rules.ts'
import type { Measured, UsageSample } from './usage-sample.ts'

type Status = NonNullable<HorizontalPodAutoscaler['status']>

/** The input of a plan. */
export type Seen = {
  /** The replicas of the target; or why they are unknown, in upstream's words. */
  readonly scale: { readonly replicas: number } | { readonly unknown: string }
  samplesOf(measured: Measured): readonly UsageSample[]
  /** Recent recommendations and scalings. */
  readonly past: PastScaling
  readonly nowMs: number
}

export type AutoscalingPlan = {
  /** The new status; absent: unchanged. */
  readonly status?: Status
  /** The new number of replicas; absent: unchanged. */
  readonly decision?: ScalingDecision
  /** The target has refused this number before: retry, but do not record it again. */
  readonly isRetry?: boolean
  /** The replicas that the metrics ask for, before any rule; absent where unknown. */
  readonly recommended?: number
  /** Events to record. */
  readonly notes: readonly ControllerNote[]
}

/**
 * Plans the next step so that the target has the replicas that the metrics ask for. Pure; upstream's
 * reconcileAutoscaler.
 */
export function plan(autoscaler: HorizontalPodAutoscaler, seen: Seen): AutoscalingPlan {
  const { scale, nowMs } = seen
  if ('unknown' in scale) {
    const message = `the HPA controller was unable to get the target's current scale: ${scale.unknown}`
    const failed = {
      type: 'AbleToScale',
      isTrue: false,
      reason: 'FailedGetScale',
      message,
    } as const
    const note = { type: 'Warning', reason: 'FailedGetScale', message: scale.unknown } as const
    return { ...statusPlan(autoscaler, { statements: [failed], nowMs }), notes: [note] }
  }
  const outcome = outcomeOf(autoscaler, { ...seen, current: scale.replicas })
  const got: Statement = {
    type: 'AbleToScale',
    isTrue: true,
    reason: 'SucceededGetScale',
    message: "the HPA controller was able to get the target's current scale",
  }
  const { decision, recommended, notes = [] } = outcome
  const isRetry = decision !== undefined && hasRefused(autoscaler, decision)
  const scaled = decision ? [succeeded(decision)] : []
  const said = [got, ...outcome.statements, ...scaled]
  // The condition stays until the target can be scaled.
  const statements = isRetry ? said.filter(({ type }) => type !== 'AbleToScale') : said
  const { desired, metrics } = outcome
  const isScaled = decision !== undefined && !isRetry
  const now = { current: scale.replicas, isScaled, statements, nowMs }
  return {
    ...statusPlan(autoscaler, {
      ...now,
      ...(desired !== undefined && { desired }),
      ...(metrics && { metrics }),
    }),
    ...(decision && { decision, isRetry }),
    ...(recommended !== undefined && { recommended }),
    notes,
  }
}

type Outcome = {
  /** The desired replicas; undefined where unknown. */
  desired?: number
  recommended?: number
  decision?: ScalingDecision
  statements: readonly Statement[]
  metrics?: readonly MetricStatus[]
  notes?: readonly ControllerNote[]
}

function outcomeOf(autoscaler: HorizontalPodAutoscaler, seen: Seen & { current: number }): Outcome {
  const { minReplicas: min = 1, maxReplicas: max } = autoscaler.spec
  const { current } = seen
  if (current === 0 && min !== 0) {
    const message = 'scaling is disabled since the replica count of the target is zero'
    const disabled = {
      type: 'ScalingActive',
      isTrue: false,
      reason: 'ScalingDisabled',
      message,
    } as const
    return { desired: 0, statements: [disabled] }
  }
  const bounded = (to: number, reason: string): Outcome => ({
    ...{ desired: to, statements: [] },
    decision: { from: current, to, reason, metrics: [] },
  })
  if (current > max) return bounded(max, 'Current number of replicas above Spec.MaxReplicas')
  if (current < min) return bounded(min, 'Current number of replicas below Spec.MinReplicas')
  return byMetrics(autoscaler, { ...seen, min, max })
}

type Situation = Seen & { current: number; min: number; max: number }

function byMetrics({ spec }: HorizontalPodAutoscaler, situation: Situation): Outcome {
  const { current } = situation
  const judged = (spec.metrics ?? []).map((metric) => judgedMetric(metric, situation))
  const metrics = judged.flatMap(({ status }) => status ?? [])
  const best = judged.reduce<JudgedMetric | undefined>((most, each) => {
    return (each.seen.replicas ?? -1) > (most?.seen.replicas ?? -1) ? each : most
  }, undefined)
  const wanted = best?.seen.replicas
  const unknown = judged.filter(({ seen }) => seen.unknown !== undefined)
  const failure = failureOf(unknown, judged.length)
  // Never scale down by some metrics while others are unknown.
  if (best === undefined || wanted === undefined || (failure && wanted < current)) {
    return { metrics, ...failure, statements: failure?.statements ?? [] }
  }
  const active: Statement = {
    type: 'ScalingActive',
    isTrue: true,
    reason: 'ValidMetricFound',
    message: `the HPA was able to successfully calculate a replica count from ${best.seen.name}`,
  }
  const kept = stabilized(wanted, spec.behavior, situation)
  const ruled = limited(kept?.replicas ?? wanted, spec.behavior, situation)
  const ready = {
    reason: 'ReadyForNewScale',
    message: 'recommended size matches current size',
  }
  const isLimited = ruled.replicas !== (kept?.replicas ?? wanted)
  const statements: Statement[] = [
    active,
    { type: 'AbleToScale', isTrue: true, ...wordsOf(kept ?? ready) },
    { type: 'ScalingLimited', isTrue: isLimited, ...wordsOf(ruled) },
  ]
  const outcome: Outcome = {
    ...{ desired: ruled.replicas, recommended: wanted, statements, metrics },
    notes: failure?.notes ?? [],
  }
  if (ruled.replicas === current) return outcome
  const reason =
    ruled.replicas > current ? `${best.seen.name} above target` : 'All metrics below target'
  const held = [...(kept ? [kept.message] : []), ...(isLimited ? [ruled.message] : [])]
  const decision: ScalingDecision = {
    ...{ from: current, to: ruled.replicas, reason, wanted },
    metrics: judged.map(({ seen }) => seen),
    ...(held.length > 0 && { held }),
  }
  return { ...outcome, decision }
}

const wordsOf = ({ reason, message }: { reason: string; message: string }) => ({ reason, message })

/** The statement when some metrics are unknown. */
function failureOf(
  unknown: readonly JudgedMetric[],
  count: number,
): Pick<Outcome, 'statements' | 'notes'> | undefined {
  const [first] = unknown
  if (first === undefined) return undefined
  const why = first.seen.unknown ?? ''
  const { reason } = first
  const message = `the HPA was unable to compute the replica count: ${why}`
  const all = `invalid metrics (${unknown.length} invalid out of ${count}), first error is: ${why}`
  return {
    statements: [{ type: 'ScalingActive', isTrue: false, reason, message }],
    notes: [
      ...unknown.map(({ seen, reason }) => warning(reason, seen.unknown ?? '')),
      warning('FailedComputeMetricsReplicas', all),
    ],
  }
}

const warning = (reason: string, message: string): ControllerNote => ({
  type: 'Warning',
  reason,
  message,
})

/** The statement that the target was scaled. */
export const succeeded = ({ to }: ScalingDecision): Statement => ({
  type: 'AbleToScale',
  isTrue: true,
  reason: 'SucceededRescale',
  message: `the HPA controller was able to update the target scale to ${to}`,
})

/** Whether the target has already refused this number, and no other was wanted since. */
const hasRefused = ({ status }: HorizontalPodAutoscaler, { to }: ScalingDecision): boolean =>
  status?.desiredReplicas === to &&
  status.conditions?.some(({ type, reason }) => {
    return type === 'AbleToScale' && reason === 'FailedUpdateScale'
  }) === true

type StatusInput = Pick<Outcome, 'desired' | 'metrics' | 'statements'> & {
  current?: number
  isScaled?: boolean
  nowMs: number
}

/** The status with the new statements, if it differs. */
function statusPlan(
  { spec, status: before }: HorizontalPodAutoscaler,
  { current, desired, isScaled = false, metrics, statements, nowMs }: StatusInput,
): { status?: Status } {
  const conditions = conditionsWith(before?.conditions ?? [], statements, nowMs)
  const lastScaleTime = isScaled ? secondsOf(nowMs) : before?.lastScaleTime
  const told = before?.currentMetrics ?? []
  const statusWith = (currentMetrics: readonly MetricStatus[]): Status => ({
    currentReplicas: current ?? before?.currentReplicas ?? 0,
    desiredReplicas: desired ?? before?.desiredReplicas ?? 0,
    ...(lastScaleTime && { lastScaleTime }),
    ...(currentMetrics.length > 0 && { currentMetrics: [...currentMetrics] }),
    conditions,
  })
  const seen = metrics ?? told
  const isNews = haveMoved(told, seen, spec.metrics ?? []) || !isDeepEqual(statusWith(told), before)
  return isNews ? { status: statusWith(seen) } : {}
}
