import type { Objects } from '@reckon/domain'
import {
  type CronJob,
  controllerOf,
  cronJobs,
  isOf,
  isRefusal,
  jobs,
  namesOf,
  objectKey,
} from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { isControlledBy } from '../ownership/controller-reference.ts'
import type { Writer } from '../writer.ts'
import { type CronStep, plan } from './plan.ts'

/** CronJobs: creates a Job for each scheduled time. */
export const cronJobController: Controller = {
  name: 'cronjob-controller',

  keysOf({ type, resource, stored: { object } }) {
    if (resource === cronJobs) return type === 'DELETED' ? [] : [objectKey(object.metadata)]
    const owner = resource === jobs ? controllerOf(object) : undefined
    if (owner?.kind !== 'CronJob') return []
    return [objectKey({ namespace: object.metadata.namespace, name: owner.name })]
  },

  allKeys: (objects) => objects.list(cronJobs).map(({ object }) => objectKey(object.metadata)),

  async reconcile(key, { objects, nowMs, writerFor, waitForHead }) {
    const [namespace, name] = namesOf(key)
    const look = () => {
      const stored = objects.get(cronJobs, namespace, name)
      return stored && { stored, ...planOf(stored.object, objects, nowMs) }
    }
    let seen = look()
    // Whether a Job may run beside others depends on all Jobs, including those of another
    // replicator.
    if (seen !== undefined && asksForOthers(seen.stored.object) && seen.steps.some(isCreation)) {
      if (!(await waitForHead())) return nowMs + lookAgainMs
      seen = look()
    }
    if (seen === undefined) return undefined
    const writer = writerFor(seen.stored)
    for (const step of seen.steps) await carryOut(step, seen.stored.object, writer)
    return seen.againAtMs
  },
}

const lookAgainMs = 1_000

const asksForOthers = ({ spec }: CronJob): boolean => spec.concurrencyPolicy !== 'Allow'
const isCreation = ({ type }: CronStep): boolean => type === 'CreateJob'

const planOf = (cronJob: CronJob, objects: Objects, nowMs: number) =>
  planFor(cronJob, () => {
    const owned = objects
      .ownedBy(cronJob.metadata.uid ?? '')
      .flatMap(({ object }) => (isOf(jobs, object) ? [object] : []))
    return plan(
      cronJob,
      owned.filter((job) => isControlledBy(job, cronJob)),
      nowMs,
    )
  })

async function carryOut(step: CronStep, cronJob: CronJob, writer: Writer): Promise<void> {
  switch (step.type) {
    case 'CreateJob':
      try {
        return await writer.create(step.job, { isNameForOnce: true })
      } catch (error) {
        // This time has had its Job, whatever became of it.
        if (!isRefusal(error, 'AlreadyExists')) throw error
        return
      }
    case 'DeleteJob':
      return writer.delete(step.job, { propagationPolicy: 'Background' })
    case 'Tell':
      return writer.note(cronJob, step.note)
    case 'SetStatus':
      return writer.changeStatus(cronJob, step.status)
  }
}
