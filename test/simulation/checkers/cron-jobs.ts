import {
  controllerOf,
  cronJobs as cronJobResource,
  hasCondition,
  isOf,
  jobs,
} from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

const rule = 'a CronJob has one Job for each time'
const timeAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp'

/**
 * Each Job is named after the minute that it is created for. No time gets two Jobs, and with `Forbid` no Job runs
 * beside another.
 */
export function cronJobs({ history }: World): Checker {
  const made = new Set<string>()
  return {
    onRecorded({ event, change }) {
      const { object } = change?.stored ?? {}
      if (event.type !== 'JobCreated' || object === undefined || !isOf(jobs, object)) return
      const owner = controllerOf(object)
      if (owner?.kind !== 'CronJob') return
      const { name, namespace = '', annotations = {}, uid } = object.metadata
      const minute = Date.parse(annotations[timeAnnotation] ?? '') / 60_000
      if (name !== `${owner.name}-${minute}`) throw new Violation(rule, `${name} is for ${minute}`)
      const time = `${owner.uid} ${minute}`
      if (made.has(time)) throw new Violation(rule, `${name} is made again`)
      made.add(time)
      const cronJob = history.objects.get(cronJobResource, namespace, owner.name)?.object
      if (cronJob?.metadata.uid !== owner.uid || cronJob.spec.concurrencyPolicy !== 'Forbid') return
      const beside = history.objects.ownedBy(owner.uid).find(({ object: other }) => {
        if (!isOf(jobs, other) || other.metadata.uid === uid) return false
        return !hasCondition(other.status, 'Complete') && !hasCondition(other.status, 'Failed')
      })
      if (beside === undefined) return
      throw new Violation(rule, `${name} is made beside ${beside.object.metadata.name}`)
    },
    onRestore: () => made.clear(),
  }
}
