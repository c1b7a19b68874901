import {
  type ContainerStatus,
  graceSecondsDefault,
  isDeepEqual,
  isFinished,
  isReady,
  type Pod,
  type PodStatus,
  secondsOf,
} from '@reckon/kubernetes'
import { withTolerations } from './default-tolerations.ts'
import type { KindRules } from './kind-rules.ts'
import { qosClassOf } from './qos-class.ts'

/** A pod begins Pending; once it is bound, its agent has a grace period to end it. */
export const podRules: KindRules<Pod> = {
  changes: [
    { type: 'PodScheduled' },
    { type: 'PodSchedulingFailed' },
    { type: 'PodEvicted' },
    { type: 'PodPreempted' },
    { type: 'PodStarted', is: ofStatus((before, after) => becomes('Running', before, after)) },
    { type: 'PodSucceeded', is: ofStatus((before, after) => becomes('Succeeded', before, after)) },
    { type: 'PodFailed', is: ofStatus((before, after) => becomes('Failed', before, after)) },
    {
      type: 'PodContainerRestarted',
      is: withinPhase((was, is) => restartsOf(is) > restartsOf(was)),
    },
    { type: 'PodBecameReady', is: withinPhase((was, is) => !isReady(was) && isReady(is)) },
    { type: 'PodBecameUnready', is: withinPhase((was, is) => isReady(was) && !isReady(is)) },
  ],
  prepareCreate: (pod, { cluster }) => ({
    ...pod,
    spec: withTolerations(pod.spec, cluster?.settings.defaultTolerationSeconds),
    status: { phase: 'Pending', qosClass: qosClassOf(pod.spec), ...gatedStatus(pod) },
  }),
  // Its class follows from its requests, whatever its status is.
  prepareStatus: ({ status }, { status: before }) =>
    status?.qosClass || !before?.qosClass ? status : { ...status, qosClass: before.qosClass },
  terminating: (pod, { gracePeriodSeconds, nowMs }) => {
    if (!pod.spec.nodeName || isFinished(pod.status)) return undefined
    const before = pod.metadata.deletionGracePeriodSeconds
    // Its agent has ended it, or nobody is to wait for that.
    if (before === 0) return undefined
    const specified = gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds
    const grace = Math.max(0, specified ?? graceSecondsDefault)
    if (grace === 0) return undefined
    if (before !== undefined && (gracePeriodSeconds === undefined || before <= grace)) return pod
    return {
      ...pod,
      metadata: {
        ...pod.metadata,
        deletionTimestamp: secondsOf(nowMs + grace * 1000),
        deletionGracePeriodSeconds: grace,
      },
    }
  },
}

/** As upstream's API: says why nothing tries to schedule the pod. */
const gatedStatus = ({ spec: { schedulingGates = [] } }: Pod): PodStatus =>
  schedulingGates.length === 0
    ? {}
    : {
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'SchedulingGated',
            message: 'Scheduling is blocked due to non-empty scheduling gates',
          },
        ],
      }

type IsChange<T> = (before: T, after: T) => boolean

/** Whether only the status changes. */
function ofStatus(is: IsChange<PodStatus>): IsChange<Pod> {
  return (before, after) =>
    is(before.status ?? {}, after.status ?? {}) && isDeepEqual(before.spec, after.spec)
}

/** Whether only the status changes, and the phase stays the same. */
function withinPhase(is: IsChange<PodStatus>): IsChange<Pod> {
  return ofStatus((before, after) => before.phase === after.phase && is(before, after))
}

const becomes = (phase: string, before: PodStatus, after: PodStatus): boolean =>
  after.phase === phase && before.phase !== phase

const restartsOf = ({ containerStatuses = [] }: PodStatus): number =>
  containerStatuses.reduce((sum: number, status: ContainerStatus) => sum + status.restartCount, 0)
