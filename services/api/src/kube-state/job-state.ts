import { cronJobs, jobs } from '@reckon/kubernetes'
import {
  amount,
  conditionSample,
  created,
  gauge,
  info,
  type KindState,
  kindState,
  named,
  ownerSamples,
  seconds,
} from './state-family.ts'

const jobState = kindState(jobs, named('job_name'), [
  info('kube_job_info', 'A Job', () => ({})),
  created('kube_job_created'),
  gauge('kube_job_owner', 'The owners of a Job', ownerSamples),
  amount('kube_job_spec_parallelism', 'Pods that may run at once', ({ spec }) => spec.parallelism),
  amount('kube_job_spec_completions', 'Pods that have to succeed', ({ spec }) => spec.completions),
  amount('kube_job_spec_active_deadline_seconds', 'How long it may take', ({ spec }) => {
    return spec.activeDeadlineSeconds
  }),
  amount('kube_job_status_active', 'Pods that run', ({ status }) => status?.active ?? 0),
  amount(
    'kube_job_status_succeeded',
    'Pods that succeeded',
    ({ status }) => status?.succeeded ?? 0,
  ),
  amount('kube_job_status_failed', 'Pods that failed', ({ status }) => status?.failed ?? 0),
  amount('kube_job_status_start_time', 'When it began', ({ status }) => seconds(status?.startTime)),
  amount('kube_job_status_completion_time', 'When it succeeded', ({ status }) =>
    seconds(status?.completionTime),
  ),
  gauge('kube_job_complete', 'Whether a Job has succeeded', ({ status }) =>
    conditionSample(status, 'Complete'),
  ),
  gauge('kube_job_failed', 'Whether a Job has failed', ({ status }) =>
    conditionSample(status, 'Failed'),
  ),
])

const cronJobState = kindState(cronJobs, named('cronjob'), [
  info('kube_cronjob_info', 'When a CronJob is due', ({ spec }) => ({
    schedule: spec.schedule,
    concurrency_policy: spec.concurrencyPolicy ?? 'Allow',
    timezone: spec.timeZone ?? '',
  })),
  created('kube_cronjob_created'),
  amount('kube_cronjob_spec_suspend', 'Whether it rests', ({ spec }) => spec.suspend ?? false),
  amount(
    'kube_cronjob_status_active',
    'Jobs that run',
    ({ status }) => status?.active?.length ?? 0,
  ),
  amount('kube_cronjob_status_last_schedule_time', 'When it was due last', ({ status }) =>
    seconds(status?.lastScheduleTime),
  ),
  amount('kube_cronjob_status_last_successful_time', 'When a Job of it last succeeded', (job) =>
    seconds(job.status?.lastSuccessfulTime),
  ),
])

/** What runs to its end, under the names of kube-state-metrics. */
export const jobStates: readonly KindState[] = [jobState, cronJobState]
