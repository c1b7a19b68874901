import { byAge, type CronJob, hasCondition, isTerminating, type Job } from '@reckon/kubernetes'

/** Finished Jobs beyond the history limits, oldest first; these are deleted. */
export function excessJobs({ spec }: CronJob, jobs: readonly Job[]): Job[] {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = spec
  return [
    ...beyond(jobs.filter(endedAs('Complete')), successfulJobsHistoryLimit),
    ...beyond(jobs.filter(endedAs('Failed')), failedJobsHistoryLimit),
  ]
}

const endedAs =
  (type: string) =>
  (job: Job): boolean =>
    hasCondition(job.status, type) && !isTerminating(job)

const beyond = (jobs: readonly Job[], limit: number | undefined): Job[] =>
  limit === undefined ? [] : [...jobs].sort(byAge).slice(0, Math.max(0, jobs.length - limit))
