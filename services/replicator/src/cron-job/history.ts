import { type CronJob, hasCondition, isTerminating, type Job } from '@reckon/kubernetes'

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
  limit === undefined ? [] : [...jobs].sort(byCreation).slice(0, Math.max(0, jobs.length - limit))

/** The oldest first, then by name. */
export function byCreation(a: Job, b: Job): number {
  const rank = ({ metadata }: Job) => `${metadata.creationTimestamp} ${metadata.name}`
  return rank(a) < rank(b) ? -1 : 1
}
