import type { Origin, Preemptor } from '@reckon/domain'
import { conflict, isTerminating, pods, secondsOf } from '@reckon/kubernetes'
import { deletionOf } from './delete-object.ts'
import type { PodRef } from './pod.ts'
import type { Preconditions } from './preconditions.ts'
import { recordChange } from './record-change.ts'
import { withCondition } from './with-condition.ts'
import type { WritePorts } from './write-ports.ts'
import type { Written } from './written.ts'

/** The eviction of a pod by somebody other than its owner, and why. */
export type EvictionOfPod = {
  pod: PodRef
  /** The content of the condition `DisruptionTarget`. */
  because: { reason: string; message: string }
  /** The pod that it makes room for, if any, and the node. */
  preemptor?: Preemptor
  gracePeriodSeconds?: number
  preconditions?: Preconditions
  origin: Origin
}

/**
 * Records `PodEvicted`, or `PodPreempted` where it makes room for another pod: the pod is to end within its grace
 * period. A terminating pod stays as it is. Refuses with `Conflict` if a pod that is to make room is not on that node:
 * its placement may have been refused, or may not be recorded yet.
 */
export const evictPod = (
  ports: WritePorts,
  {
    pod: { namespace, name, uid },
    because,
    preemptor,
    gracePeriodSeconds,
    ...eviction
  }: EvictionOfPod,
): Promise<Written> =>
  recordChange(ports, {
    target: { resource: pods, namespace, name },
    origin: eviction.origin,
    preconditions: { ...eviction.preconditions, ...(uid && { uid }) },
    decide: ({ object: pod }) => {
      if (isTerminating(pod)) return { after: pod }
      if (preemptor && pod.spec.nodeName !== preemptor.nodeName) {
        throw conflict(pods, name, `it does not stand on "${preemptor.nodeName}"`)
      }
      const nowMs = ports.clock.now()
      const condition = {
        type: 'DisruptionTarget',
        status: 'True',
        ...because,
        lastTransitionTime: secondsOf(nowMs),
      }
      const marked = { ...pod, status: withCondition(pod.status, condition) }
      const recordedAs = preemptor
        ? { type: 'PodPreempted', joined: { preemptor } }
        : { type: 'PodEvicted' }
      return { ...deletionOf(pods, marked, { gracePeriodSeconds }, nowMs), recordedAs }
    },
  })
