import {
  type ContainerStatus,
  isDeepEqual,
  type KubernetesObject,
  type Pod,
  type PodStatus,
  secondsOf,
} from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'
import { qosClassOf } from './qos-class.ts'

const graceSecondsDefault = 30

/** A pod begins Pending; once bound, its agent has a grace period to end it. */
export const podRules: KindRules = {
  prepareCreate: (object) => {
    const pod = object as Pod
    return { ...pod, status: { phase: 'Pending', qosClass: qosClassOf(pod.spec) } }
  },
  nameChange: (before, after) => {
    const [from, to] = [before as Pod, after as Pod]
    if (!isDeepEqual(from.spec, to.spec)) return undefined
    return nameStatusChange(from.status ?? {}, to.status ?? {})
  },
  terminating: (object, { gracePeriodSeconds, nowMs }) => {
    const pod = object as Pod
    if (!pod.spec.nodeName || isFinished(pod)) return undefined
    const specified = gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds
    const grace = Math.max(0, specified ?? graceSecondsDefault)
    if (grace === 0) return undefined
    const before = pod.metadata.deletionGracePeriodSeconds
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

/** Whether all its containers have ended and none will start again. */
export const isFinished = (pod: KubernetesObject): boolean =>
  ['Succeeded', 'Failed'].includes((pod as Pod).status?.phase ?? '')

function nameStatusChange(before: PodStatus, after: PodStatus): string | undefined {
  if (before.phase !== after.phase) {
    const names: Record<string, string> = {
      Running: 'PodStarted',
      Succeeded: 'PodSucceeded',
      Failed: 'PodFailed',
    }
    return names[after.phase ?? '']
  }
  if (restartsOf(after) > restartsOf(before)) return 'PodContainerRestarted'
  const [was, is] = [isReady(before), isReady(after)]
  if (was === is) return undefined
  return is ? 'PodBecameReady' : 'PodBecameUnready'
}

const isReady = (status: PodStatus): boolean =>
  status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false

const restartsOf = ({ containerStatuses = [] }: PodStatus): number =>
  containerStatuses.reduce((sum: number, status: ContainerStatus) => sum + status.restartCount, 0)
