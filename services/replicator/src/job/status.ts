import { isReady, type Job, type JobStatus, type Pod, secondsOf } from '@reckon/kubernetes'
import { indexesText } from '../ownership/completion-index.ts'
import type { PodEnds } from '../ownership/pod-endings.ts'
import { type Condition, type Statement, stated } from './condition.ts'
import { doneIndexes, failedIndexes } from './indexes.ts'
import type { Verdict } from './verdict.ts'

type Situation = {
  active: readonly Pod[]
  ending: readonly Pod[]
  podEnds: PodEnds
  verdict: Verdict | undefined
  nowMs: number
}

/** The status of a Job: the numbers of its pods, its start and, once none of them runs any more, how it ended. */
export function jobStatus(job: Job, situation: Situation): JobStatus {
  const { active, ending, podEnds, verdict, nowMs } = situation
  const now = secondsOf(nowMs)
  const startTime = job.spec.suspend ? undefined : (job.status?.startTime ?? now)
  const isComplete = verdict?.outcome === 'Complete' && isAtRest(situation)
  const conditions = conditionsOf(job, situation)
  const isIndexed = job.spec.completionMode === 'Indexed'
  const indexes = doneIndexes(job, podEnds)
  const succeeded = isIndexed ? indexes.length : podEnds.succeeded
  // Pods that are deleted because of the verdict count as gone.
  const running = verdict || job.spec.suspend ? [] : active
  const done = indexesText(indexes)
  return {
    ...(conditions.length > 0 && { conditions: [...conditions] }),
    ...(startTime && { startTime }),
    ...(isComplete && { completionTime: now }),
    ...(running.length > 0 && { active: running.length }),
    ...(succeeded > 0 && { succeeded }),
    ...(podEnds.failed > 0 && { failed: podEnds.failed }),
    ...(isIndexed && done && { completedIndexes: done }),
    ...(job.spec.backoffLimitPerIndex !== undefined && {
      failedIndexes: indexesText(failedIndexes(job, podEnds)),
    }),
    terminating: ending.length,
    ready: running.filter(({ status }) => isReady(status)).length,
    uncountedTerminatedPods: {},
  }
}

const isAtRest = ({ active, ending }: Situation): boolean =>
  active.length === 0 && ending.length === 0

function conditionsOf({ spec, status }: Job, situation: Situation): readonly Condition[] {
  const { verdict, nowMs } = situation
  const before = status?.conditions ?? []
  if (verdict === undefined) {
    const suspension = suspensionOf(spec.suspend === true, before)
    return suspension ? stated(before, suspension, nowMs) : before
  }
  const { outcome, reason, message } = verdict
  const intended = outcome === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget'
  const types = isAtRest(situation) ? [intended, outcome] : [intended]
  return types.reduce<readonly Condition[]>(
    (conditions, type) => stated(conditions, { type, status: 'True', reason, message }, nowMs),
    before,
  )
}

/** Only a Job that was suspended is reported as resumed. */
function suspensionOf(isSuspended: boolean, before: readonly Condition[]): Statement | undefined {
  const type = 'Suspended'
  if (isSuspended) {
    return { type, status: 'True', reason: 'JobSuspended', message: 'Job suspended' }
  }
  if (!before.some((condition) => condition.type === type)) return undefined
  return { type, status: 'False', reason: 'JobResumed', message: 'Job resumed' }
}
