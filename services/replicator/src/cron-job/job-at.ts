import { type CronJob, hasCondition, type Job, secondsOf } from '@reckon/kubernetes'
import { controllerReferenceTo } from '../ownership/controller-reference.ts'

/** The Job for one scheduled time; the time is in its name, so that it is created only once. */
export function jobAt(cronJob: CronJob, atMs: number): Job {
  const { metadata = {}, spec } = cronJob.spec.jobTemplate
  const { name, namespace = '' } = cronJob.metadata
  const time = { 'batch.kubernetes.io/cronjob-scheduled-timestamp': secondsOf(atMs) }
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
