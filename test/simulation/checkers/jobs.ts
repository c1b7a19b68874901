import { conditionOf, controllerOf, isOf, jobs as jobResource } from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

const rule = 'a Job counts each success once'

/** A Job's count of successful pods agrees with the log, by pods or by indexes. */
export function jobs(): Checker {
  /** The successful pods, by the Job's uid. */
  const succeeded = new Map<string, Set<string>>()
  return {
    onRecorded({ event, change }) {
      const { object } = change?.stored ?? {}
      if (object === undefined) return
      const owner = controllerOf(object)
      if (event.type === 'PodSucceeded' && owner?.kind === 'Job') {
        const own = succeeded.get(owner.uid) ?? new Set()
        succeeded.set(owner.uid, own.add(object.metadata.uid ?? ''))
      }
      if (!isOf(jobResource, object)) return
      const { metadata, spec, status } = object
      const said = status?.succeeded ?? 0
      const known = succeeded.get(metadata.uid ?? '')?.size ?? 0
      if (said > known) throw new Violation(rule, `${metadata.name} says ${said}, of ${known}`)
      const complete = conditionOf(status, 'Complete')
      if (complete?.status !== 'True') return
      const enough = complete.reason === 'SuccessPolicy' ? 1 : (spec.completions ?? 1)
      if (said >= enough) return
      throw new Violation(rule, `${metadata.name} is complete with ${said} of ${spec.completions}`)
    },
  }
}
