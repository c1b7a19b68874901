import { conditionOf, hasCondition, type Job, type Pod } from '@reckon/kubernetes'
import type { PodEnds } from '../ownership/pod-endings.ts'
import { doneIndexes, failedIndexes } from './indexes.ts'
import { metSuccessRule } from './success-policy.ts'

/** How a Job ends, as its condition says it. */
export type Verdict = { outcome: 'Complete' | 'Failed'; reason: string; message: string }

type Situation = {
  active: readonly Pod[]
  ending: readonly Pod[]
  ends: PodEnds
  nowMs: number
}

/** Whether the Job has succeeded or failed, by upstream's rules; a verdict never changes. */
export function verdictOf(job: Job, situation: Situation): Verdict | undefined {
  return saidBefore(job) ?? failure(job, situation) ?? success(job, situation)
}

function saidBefore({ status }: Job): Verdict | undefined {
  for (const [type, outcome] of [
    ['FailureTarget', 'Failed'],
    ['SuccessCriteriaMet', 'Complete'],
  ] as const) {
    if (!hasCondition(status, type)) continue
    const { reason = '', message = '' } = conditionOf(status, type) ?? {}
    return { outcome, reason, message }
  }
  return undefined
}

function failure(job: Job, { active, ends, nowMs }: Situation): Verdict | undefined {
  const { backoffLimit = 0, suspend } = job.spec
  if (ends.verdict !== undefined) {
    return { outcome: 'Failed', reason: 'PodFailurePolicy', message: ends.verdict }
  }
  if (ends.failed > backoffLimit || isPastRestarts(job, active)) {
    const message = 'Job has reached the specified backoff limit'
    return { outcome: 'Failed', reason: 'BackoffLimitExceeded', message }
  }
  const deadline = suspend ? undefined : deadlineAtMs(job, nowMs)
  if (deadline === undefined || deadline > nowMs) return failureOfIndexes(job, ends)
  const message = 'Job was active longer than specified deadline'
  return { outcome: 'Failed', reason: 'DeadlineExceeded', message }
}

/** Too many indexes have failed, or some have failed and nothing is left to do. */
function failureOfIndexes(job: Job, ends: PodEnds): Verdict | undefined {
  const { completions = 0, maxFailedIndexes } = job.spec
  const failed = failedIndexes(job, ends).size
  if (maxFailedIndexes !== undefined && failed > maxFailedIndexes) {
    const message = 'Job has exceeded the specified maximal number of failed indexes'
    return { outcome: 'Failed', reason: 'MaxFailedIndexesExceeded', message }
  }
  if (failed === 0 || failed + doneIndexes(job, ends).length < completions) return undefined
  return { outcome: 'Failed', reason: 'FailedIndexes', message: 'Job has failed indexes' }
}

/**
 * Where containers are restarted within their pods, restarts count as failures; as upstream, so do those of init
 * containers.
 */
function isPastRestarts({ spec }: Job, active: readonly Pod[]): boolean {
  if (spec.template.spec?.restartPolicy !== 'OnFailure') return false
  const restarts = active
    .flatMap(({ status: { initContainerStatuses = [], containerStatuses = [] } = {} }) => [
      ...initContainerStatuses,
      ...containerStatuses,
    ])
    .reduce((sum, { restartCount }) => sum + restartCount, 0)
  const { backoffLimit = 0 } = spec
  return backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit
}

function success(job: Job, { active, ending, ends }: Situation): Verdict | undefined {
  const { completions, completionMode } = job.spec
  const rule = metSuccessRule(job.spec, ends.indexes)
  if (rule !== undefined) {
    const message = `Matched rules at index ${rule}`
    return { outcome: 'Complete', reason: 'SuccessPolicy', message }
  }
  const done = completionMode === 'Indexed' ? doneIndexes(job, ends).length : ends.succeeded
  const isReached =
    completions === undefined
      ? done > 0 && active.length === 0 && ending.length === 0
      : done >= completions
  if (!isReached) return undefined
  const message = 'Reached expected number of succeeded pods'
  return { outcome: 'Complete', reason: 'CompletionsReached', message }
}

/** When the Job exceeds its deadline, in milliseconds; undefined where it has none. */
export function deadlineAtMs({ spec, status }: Job, nowMs: number): number | undefined {
  const { activeDeadlineSeconds } = spec
  if (activeDeadlineSeconds === undefined) return undefined
  const since = status?.startTime === undefined ? nowMs : Date.parse(status.startTime)
  return since + activeDeadlineSeconds * 1000
}
