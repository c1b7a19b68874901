import { isDeepEqual, isFinished, isTerminating, type Job, type Pod } from '@reckon/kubernetes'
import { claim } from '../ownership/claim.ts'
import { indexOf } from '../ownership/completion-index.ts'
import type { PodPlanContext } from '../ownership/pod-owner-controller.ts'
import { ownershipSteps, type PodPlan, type PodStep } from '../ownership/pod-plan.ts'
import { isActive } from '../ownership/pod-readiness.ts'
import { finalCondition } from './condition.ts'
import { retryAtMs } from './retry.ts'
import { jobStatus } from './status.ts'
import { deadlineAtMs, verdictOf } from './verdict.ts'
import { missingPods, needlessPods } from './wanted-pods.ts'

/**
 * Plans the next steps so that enough pods succeed. Ended pods are counted from the log, since their objects may be
 * deleted. Pure.
 */
export function plan(job: Job, candidates: readonly Pod[], context: PodPlanContext): PodPlan {
  const { owned, ...moved } = claim(job, candidates, job.spec.selector ?? {})
  if (isTerminating(job)) return { steps: [] }
  const moves = ownershipSteps(moved)
  if (moves.length > 0) return { steps: moves }
  const over = finalCondition(job.status)
  if (over !== undefined) return afterwards(job, over.lastTransitionTime, context.nowMs)
  const active = owned.filter(isActive)
  const ending = owned.filter((pod) => isTerminating(pod) && !isFinished(pod.status))
  const verdict = verdictOf(job, { active, ending, ends: context.podEnds, nowMs: context.nowMs })
  const status = jobStatus(job, { active, ending, verdict, ...context })
  const statusSteps: PodStep[] = isDeepEqual(job.status, status)
    ? []
    : [{ type: 'SetStatus', status }]
  const { steps, againAtMs } =
    verdict || job.spec.suspend
      ? { steps: active.map((pod): PodStep => ({ type: 'DeletePod', pod })), againAtMs: undefined }
      : podSteps(job, { owned, active, ending }, context)
  const deadline = verdict || job.spec.suspend ? undefined : deadlineAtMs(job, context.nowMs)
  const moments = [againAtMs, deadline].filter((moment) => moment !== undefined)
  return {
    steps: [...steps, ...statusSteps],
    ...(moments.length > 0 && { againAtMs: Math.min(...moments) }),
  }
}

function podSteps(
  job: Job,
  { owned, active, ending }: Record<'owned' | 'active' | 'ending', readonly Pod[]>,
  context: PodPlanContext,
): { steps: readonly PodStep[]; againAtMs: number | undefined } {
  const needless = needlessPods(job, active, context.podEnds)
  if (needless.length > 0) {
    return {
      steps: needless.map((pod): PodStep => ({ type: 'DeletePod', pod })),
      againAtMs: undefined,
    }
  }
  const { podReplacementPolicy, podFailurePolicy, backoffLimitPerIndex } = job.spec
  const isAwaiting = podReplacementPolicy === 'Failed' || podFailurePolicy !== undefined
  const isPerIndex = backoffLimitPerIndex !== undefined
  const retries = new Map(
    Array.from(
      Map.groupBy(owned, (pod) => (isPerIndex ? indexOf(pod) : undefined)),
      ([index, pods]) => [index, retryAtMs(pods)],
    ),
  )
  const situation = {
    active,
    awaited: isAwaiting ? ending : [],
    retryAtMs: (index?: number) => retries.get(isPerIndex ? index : undefined),
  }
  const { pods, againAtMs } = missingPods(job, situation, context)
  return { steps: pods.map((pod): PodStep => ({ type: 'CreatePod', pod })), againAtMs }
}

/** Deletes a finished Job after the time in its spec, if there is one (ttlSecondsAfterFinished). */
function afterwards(job: Job, since: string | undefined, nowMs: number): PodPlan {
  const { ttlSecondsAfterFinished } = job.spec
  if (ttlSecondsAfterFinished === undefined || since === undefined) return { steps: [] }
  const atMs = Date.parse(since) + ttlSecondsAfterFinished * 1000
  return atMs <= nowMs ? { steps: [{ type: 'DeleteOwner' }] } : { steps: [], againAtMs: atMs }
}
