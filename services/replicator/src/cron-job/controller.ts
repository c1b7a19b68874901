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

/** CronJobs: a Job for each time. */
export const cronJobController: Controller = {
  name: 'cronjob-controller',

  keysOf({ type, resource, stored: { object } }) {
    if (resource === cronJobs) return type === 'DELETED' ? [] : [objectKey(object.metadata)]
    const owner = resource === jobs ? controllerOf(object) : undefined
    if (owner?.kind !== 'CronJob') return []
    return [objectKey({ namespace: object.metadata.namespace, name: owner.name })]
  },

  allKeys: (objects) => objects.list(cronJobs).map(({ object }) => objectKey(object.metadata)),

  async reconcile(key, { objects, nowMs, writerFor }) {
    const [namespace, name] = namesOf(key)
    const stored = objects.get(cronJobs, namespace, name)
    if (stored === undefined) return undefined
    const cronJob = stored.object
    const { steps, againAtMs } = planFor(cronJob, () => {
      const owned = objects
        .ownedBy(cronJob.metadata.uid ?? '')
        .flatMap(({ object }) => (isOf(jobs, object) ? [object] : []))
      return plan(
        cronJob,
        owned.filter((job) => isControlledBy(job, cronJob)),
        nowMs,
      )
    })
    const writer = writerFor(stored)
    for (const step of steps) await carryOut(step, cronJob, writer)
    return againAtMs
  },
}

async function carryOut(step: CronStep, cronJob: CronJob, writer: Writer): Promise<void> {
  switch (step.type) {
    case 'CreateJob':
      try {
        return await writer.create(step.job, { isNameForOnce: true })
      } catch (error) {
        // Its time has had its Job, whatever became of that.
        if (!isRefusal(error, 'AlreadyExists')) throw error
        return
      }
    case 'DeleteJob':
      return writer.delete(step.job, { propagationPolicy: 'Background' })
    case 'SetStatus':
      return writer.changeStatus(cronJob, step.status)
  }
}
