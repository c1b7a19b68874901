import {
  byAge,
  type CronJob,
  type CronJobStatus,
  hasCondition,
  isDeepEqual,
  isTerminating,
  type Job,
  secondsOf,
} from '@reckon/kubernetes'
import type { ControllerNote } from '../writer.ts'
import { excessJobs } from './history.ts'
import { isOver, isScheduled, jobAt } from './job-at.ts'
import { hasMissedMany } from './missed-times.ts'
import { type Schedule, scheduleOf } from './schedule.ts'

/** The next step of a CronJob's controller. */
export type CronStep =
  | { type: 'CreateJob'; job: Job }
  | { type: 'DeleteJob'; job: Job }
  | { type: 'SetStatus'; status: CronJobStatus }
  /** Why no Job was made for a time that was due. */
  | { type: 'Tell'; note: ControllerNote }

export type CronPlan = { steps: readonly CronStep[]; againAtMs?: number }

/** Plans the Job for the last time that was due. Pure; upstream's syncCronJob. */
export function plan(cronJob: CronJob, jobs: readonly Job[], nowMs: number): CronPlan {
  const { spec } = cronJob
  const active = jobs.filter((job) => isScheduled(job) && !isOver(job)).sort(byAge)
  const kept: CronStep[] = excessJobs(cronJob, jobs).map((job) => ({ type: 'DeleteJob', job }))
  const resting = (lastMs?: number): readonly CronStep[] => {
    const status = statusOf(cronJob, { jobs, active, lastMs })
    return isDeepEqual(cronJob.status ?? {}, status)
      ? kept
      : [...kept, { type: 'SetStatus', status }]
  }
  if (isTerminating(cronJob) || spec.suspend) return { steps: resting() }
  const schedule = scheduleOf(cronJob)
  const next = schedule.after(nowMs)
  const again = next !== undefined && { againAtMs: next }
  const { dueMs, missedMs, hasMissed } = lastTime(cronJob, { schedule, nowMs })
  if (missedMs !== undefined) return { steps: [missed(missedMs), ...resting()], ...again }
  if (dueMs === undefined) return { steps: resting(), ...again }
  const job = jobAt(cronJob, dueMs)
  if (jobs.some(({ metadata }) => metadata.name === job.metadata.name)) {
    return { steps: resting(dueMs), ...again }
  }
  const told = hasMissed ? [missedMany] : []
  // When the running Job is over, the key is reconciled again; the time may then still be within
  // its deadline.
  if (spec.concurrencyPolicy === 'Forbid' && active.length > 0) {
    return { steps: [...told, stillActive, ...resting()], ...again }
  }
  const replaced = spec.concurrencyPolicy === 'Replace' ? active : []
  return {
    steps: [
      ...told,
      ...replaced.map((each): CronStep => ({ type: 'DeleteJob', job: each })),
      { type: 'CreateJob', job },
      ...resting(dueMs),
    ],
    ...again,
  }
}

const stillActive: CronStep = {
  type: 'Tell',
  note: {
    type: 'Normal',
    reason: 'JobAlreadyActive',
    message: 'Not starting job because prior execution is running and concurrency policy is Forbid',
  },
}

const missedMany: CronStep = {
  type: 'Tell',
  note: {
    type: 'Warning',
    reason: 'TooManyMissedTimes',
    message:
      'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
  },
}

const missed = (atMs: number): CronStep => ({
  type: 'Tell',
  note: {
    type: 'Warning',
    reason: 'MissSchedule',
    message: `Missed scheduled time to start a job: ${new Date(atMs).toUTCString().replace('GMT', '+0000')}`,
  },
})

type LastTime = { dueMs?: number | undefined; missedMs?: number; hasMissed?: boolean }

/** The last time without a Job, in milliseconds: it is due, or too late. */
function lastTime(
  { metadata, spec, status }: CronJob,
  { schedule, nowMs }: { schedule: Schedule; nowMs: number },
): LastTime {
  const since = status?.lastScheduleTime ?? metadata.creationTimestamp
  const sinceMs = since === undefined ? nowMs : Date.parse(since)
  const { startingDeadlineSeconds: deadline } = spec
  // A time exactly at the deadline is still in time.
  const earliestMs =
    deadline === undefined ? sinceMs : Math.max(sinceMs, nowMs - deadline * 1000 - 1)
  const dueMs = schedule.last(earliestMs, nowMs)
  if (dueMs !== undefined) {
    return { dueMs, hasMissed: hasMissedMany(schedule, { sinceMs: earliestMs, nowMs }) }
  }
  const missedMs = deadline === undefined ? undefined : schedule.last(sinceMs, nowMs)
  return missedMs === undefined ? {} : { missedMs }
}

function statusOf(
  { status: before }: CronJob,
  {
    jobs,
    active,
    lastMs,
  }: { jobs: readonly Job[]; active: readonly Job[]; lastMs: number | undefined },
): CronJobStatus {
  const successes = jobs
    .filter(({ status }) => hasCondition(status, 'Complete'))
    .flatMap(({ status }) => status?.completionTime ?? [])
  const lastSuccessfulTime = [...successes, before?.lastSuccessfulTime ?? ''].sort().at(-1)
  const lastScheduleTime = lastMs === undefined ? before?.lastScheduleTime : secondsOf(lastMs)
  return {
    ...(active.length > 0 && { active: active.map(referenceTo) }),
    ...(lastScheduleTime && { lastScheduleTime }),
    ...(lastSuccessfulTime && { lastSuccessfulTime }),
  }
}

const referenceTo = ({ apiVersion, kind, metadata: { namespace = '', name, uid = '' } }: Job) => ({
  apiVersion,
  kind,
  namespace,
  name,
  uid,
})
