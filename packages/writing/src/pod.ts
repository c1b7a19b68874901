import { type Decision, isLater, type Origin, type StoredObject } from '@reckon/domain'
import {
  conflict,
  type Pod,
  type PodCondition,
  type PodStatus,
  resourceNamed,
  secondsOf,
} from '@reckon/kubernetes'
import type { PodGoneReport, PodStatusReport } from '@reckon/node-plane'
import { changeObject } from './change-object.ts'
import { recordChange } from './record-change.ts'
import type { WritePorts } from './write-ports.ts'

/** A pod, and which one of that name. */
export type PodRef = { namespace: string; name: string; uid?: string }

const targetOf = ({ namespace, name }: PodRef) => ({
  resource: resourceNamed('pods'),
  namespace,
  name,
})

/**
 * `PodScheduled`: the pod runs on this node, once and for all. Binding to the same node again records nothing; to
 * another is refused with `Conflict`. A decision, where a scheduler made one, is recorded with it; who asks again after an
 * unknown outcome gives the same event id.
 */
export function bindPod(
  ports: WritePorts,
  ref: PodRef,
  nodeName: string,
  origin: Origin,
  { decision, eventId }: { decision?: Decision; eventId?: string } = {},
): Promise<StoredObject> {
  const bind = (object: StoredObject['object']) => {
    const pod = object as Pod
    const bound = pod.spec.nodeName
    if (bound === nodeName) return pod
    const why = bound
      ? `pod ${pod.metadata.name} is already assigned to node "${bound}"`
      : `pod ${pod.metadata.name} is being deleted, cannot be assigned to a host`
    if (bound || pod.metadata.deletionTimestamp)
      throw conflict(resourceNamed('pods'), ref.name, why)
    const at = secondsOf(ports.clock.now())
    const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: at } as const
    return { ...pod, spec: { ...pod.spec, nodeName }, status: withCondition(pod.status, scheduled) }
  }
  return changeObject(ports, targetOf(ref), bind, origin, {
    subresource: 'binding',
    type: 'PodScheduled',
    ...(ref.uid && { uid: ref.uid }),
    ...(decision && { joined: { decision } }),
    ...(eventId && { eventId }),
  })
}

/** `PodSchedulingFailed`: no node can run the pod as things are, and why. The same message again records nothing. */
export function recordSchedulingFailure(
  ports: WritePorts,
  ref: PodRef,
  decision: Decision,
  origin: Origin,
): Promise<StoredObject> {
  const fail = (object: StoredObject['object']) => {
    const pod = object as Pod
    if (pod.spec.nodeName) return pod
    const known = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
    if (known?.status === 'False' && known.message === decision.message) return pod
    return {
      ...pod,
      status: withCondition(pod.status, {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: decision.message,
        lastTransitionTime: known?.lastTransitionTime ?? secondsOf(ports.clock.now()),
      }),
    }
  }
  return changeObject(ports, targetOf(ref), fail, origin, {
    subresource: 'status',
    type: 'PodSchedulingFailed',
    joined: { decision },
    ...(ref.uid && { uid: ref.uid }),
  })
}

/**
 * A pod's whole status as its agent sees it. Ignored (the current state comes back) when a later report is recorded
 * already; refused with `Conflict` for another pod of that name.
 */
export function reportPodStatus(
  ports: WritePorts,
  report: PodStatusReport,
  eventId: string,
  origin: Origin,
): Promise<StoredObject> {
  const { boot, number, uid, status } = report
  const decide = (current: StoredObject) => {
    const pod = current.object as Pod
    if (!isLater({ boot, number }, current.report)) return { after: pod }
    // The agent knows nothing of what was decided before it came in.
    const kept = pod.status?.conditions?.filter(({ type }) => type === 'PodScheduled') ?? []
    const conditions = status.conditions?.filter(({ type }) => type !== 'PodScheduled') ?? []
    const qosClass = pod.status?.qosClass
    const merged = {
      ...status,
      conditions: [...kept, ...conditions],
      ...(qosClass && { qosClass }),
    }
    return { after: { ...pod, status: merged }, eventId, joined: { report: { boot, number } } }
  }
  return recordChange(ports, targetOf(report), decide, origin, { uid })
}

/** `PodDeleted`: its agent has removed the containers of a terminating pod. */
export function reportPodGone(
  ports: WritePorts,
  report: PodGoneReport,
  origin: Origin,
): Promise<StoredObject> {
  const end = ({ object }: StoredObject) => {
    const isEnd = object.metadata.deletionTimestamp !== undefined
    const deletionGracePeriodSeconds = 0
    const metadata = { ...object.metadata, deletionGracePeriodSeconds }
    const isHeld = (object.metadata.finalizers?.length ?? 0) > 0
    return isEnd ? { after: { ...object, metadata }, isEnd: !isHeld } : { after: object }
  }
  return recordChange(ports, targetOf(report), end, origin, { uid: report.uid })
}

function withCondition(status: PodStatus = {}, condition: PodCondition): PodStatus {
  const others = status.conditions?.filter(({ type }) => type !== condition.type) ?? []
  return { ...status, conditions: [...others, condition] }
}
