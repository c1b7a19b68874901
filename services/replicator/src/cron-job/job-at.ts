import { type CronJob, hasCondition, type Job, secondsOf } from '@reckon/kubernetes'
import { controllerReferenceTo } from '../ownership/controller-reference.ts'

const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp'

/** Whether a Job was made for a scheduled time, and not by a user, as `kubectl create job --from` makes it. */
export const isScheduled = ({ metadata }: Job): boolean =>
  metadata.annotations?.[scheduledAnnotation] !== undefined

/** The Job for one scheduled time; the time is in its name, so that it is created only once. */
export function jobAt(cronJob: CronJob, atMs: number): Job {
  const { metadata = {}, spec } = cronJob.spec.jobTemplate
  const { name, namespace = '' } = cronJob.metadata
  const time = { [scheduledAnnotation]: secondsOf(atMs) }
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${name}-${Math.floor(atMs / 60_000)}`,
      namespace,
      ...(metadata.labels && { labels: metadata.labels }),
      annotations: { ...metadata.annotations, ...time },
      ownerReferences: [controllerReferenceTo(cronJob)],
    },
    spec: spec ?? { template: {} },
  }
}

/** Whether a Job has finished, successfully or not. */
export const isOver = ({ status }: Job): boolean =>
  hasCondition(status, 'Complete') || hasCondition(status, 'Failed')
