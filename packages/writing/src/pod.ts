import { type Decision, isLater, type Origin } from '@reckon/domain'
import { conflict, type Pod, type PodCondition, pods, secondsOf } from '@reckon/kubernetes'
import type { PodGoneReport, PodStatusReport } from '@reckon/node-plane'
import { type Change, changeObject } from './change-object.ts'
import { recordChange } from './record-change.ts'
import { withCondition } from './with-condition.ts'
import type { WritePorts } from './write-ports.ts'
import type { Written } from './written.ts'

/** A pod, and which one of that name. */
export type PodRef = { namespace: string; name: string; uid?: string }

const targetOf = ({ namespace, name }: PodRef) => ({
  resource: pods,
  namespace,
  name,
})

/** That a pod is to run on a node; a decision, where a scheduler made one. */
export type Binding = {
  pod: PodRef
  nodeName: string
  origin: Origin
  decision?: Decision
  /** For who asks again after an unknown outcome. */
  eventId?: string
}

/**
 * `PodScheduled`: the pod runs on this node, once and for all. Binding to the same node again records nothing; to
 * another is refused with `Conflict`.
 */
export const bindPod = (ports: WritePorts, binding: Binding): Promise<Written> =>
  changeObject(ports, bindingOf(ports, binding))

/** The change that binds a pod. */
export function bindingOf(
  { clock }: WritePorts,
  { pod: ref, nodeName, origin, decision, eventId }: Binding,
): Change<Pod> {
  const bind = (pod: Pod) => {
    const bound = pod.spec.nodeName
    if (bound === nodeName) return pod
    const why = bound
      ? `pod ${pod.metadata.name} is already assigned to node "${bound}"`
      : `pod ${pod.metadata.name} is being deleted, cannot be assigned to a host`
    if (bound || pod.metadata.deletionTimestamp) throw conflict(pods, ref.name, why)
    const at = secondsOf(clock.now())
    const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: at } as const
    // The node that was kept for it is so no more.
    const { nominatedNodeName: _, ...status } = pod.status ?? {}
    return { ...pod, spec: { ...pod.spec, nodeName }, status: withCondition(status, scheduled) }
  }
  return {
    target: targetOf(ref),
    change: bind,
    origin,
    subresource: 'binding',
    preconditions: { ...(ref.uid && { uid: ref.uid }) },
    recordedAs: {
      type: 'PodScheduled',
      ...(eventId && { id: eventId }),
      ...(decision && { joined: { decision } }),
    },
  }
}

/** That no node suits a pod, and which one is kept for it, if any is. */
export type SchedulingFailure = {
  pod: PodRef
  decision: Decision
  nominatedNodeName?: string | undefined
  origin: Origin
  /** For who asks again after an unknown outcome. */
  eventId?: string
}

/**
 * `PodSchedulingFailed`: no node can run the pod as things are, and why. The same again records nothing, but for a
 * decision that makes pods leave a node: that is refused with `Conflict` once the pod needs no node any more.
 */
export function recordSchedulingFailure(
  ports: WritePorts,
  { pod: ref, decision, nominatedNodeName, origin, eventId }: SchedulingFailure,
): Promise<Written> {
  const { message, nomination } = decision
  const at = secondsOf(ports.clock.now())
  const fail = (pod: Pod) => {
    const isOver = pod.spec.nodeName || pod.metadata.deletionTimestamp
    if (nomination && isOver) throw conflict(pods, ref.name, `pod ${ref.name} needs no node`)
    if (pod.spec.nodeName) return pod
    const { nominatedNodeName: before, ...status } = pod.status ?? {}
    const known = status.conditions?.find(({ type }) => type === 'PodScheduled')
    const isKnown = known?.status === 'False' && known.message === message
    if (!nomination && isKnown && before === nominatedNodeName) return pod
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastTransitionTime: known?.lastTransitionTime ?? at,
    } as const
    const kept = { ...status, ...(nominatedNodeName && { nominatedNodeName }) }
    return { ...pod, status: withCondition(kept, condition) }
  }
  return changeObject(ports, {
    target: targetOf(ref),
    change: fail,
    origin,
    subresource: 'status',
    preconditions: { ...(ref.uid && { uid: ref.uid }) },
    recordedAs: {
      type: 'PodSchedulingFailed',
      ...(eventId && { id: eventId }),
      joined: { decision },
    },
    // Another round of preemption may leave all as it is, and is recorded yet; asked for again, it is so once.
    isNews: ({ last }) => nomination !== undefined && last.id !== eventId,
  })
}

/**
 * `PodSchedulingFailed`, too, but after a node was found: what a pod has to have there did not come, and it is placed
 * anew. No decision is joined, for none came out so. The same again records nothing.
 */
export function recordBindingFailure(
  ports: WritePorts,
  { pod: ref, message, origin }: { pod: PodRef; message: string; origin: Origin },
): Promise<Written> {
  const at = secondsOf(ports.clock.now())
  return changeObject(ports, {
    target: targetOf(ref),
    change: (pod: Pod) => {
      const known = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
      const isKnown = known?.status === 'False' && known.message === message
      if (pod.spec.nodeName || isKnown) return pod
      const lastTransitionTime = known?.lastTransitionTime ?? at
      const failed = { type: 'PodScheduled', status: 'False', reason: 'SchedulerError' } as const
      return {
        ...pod,
        status: withCondition(pod.status ?? {}, { ...failed, message, lastTransitionTime }),
      }
    },
    origin,
    subresource: 'status',
    preconditions: { ...(ref.uid && { uid: ref.uid }) },
    recordedAs: { type: 'PodSchedulingFailed' },
  })
}

/** No node is kept for the pod any more: one with a higher priority got it. */
export const withdrawNomination = (
  ports: WritePorts,
  { pod: ref, nodeName, origin }: { pod: PodRef; nodeName: string; origin: Origin },
): Promise<Written> =>
  changeObject(ports, {
    target: targetOf(ref),
    change: (pod: Pod) => {
      const { nominatedNodeName, ...status } = pod.status ?? {}
      return nominatedNodeName === nodeName ? { ...pod, status } : pod
    },
    origin,
    subresource: 'status',
    preconditions: { ...(ref.uid && { uid: ref.uid }) },
  })

/**
 * A pod's whole status as its agent sees it. Ignored (nothing is recorded) when a later report is recorded already;
 * refused with `Conflict` for another pod of that name. The same report has the same event id.
 */
export function reportPodStatus(
  ports: WritePorts,
  { report, eventId, origin }: { report: PodStatusReport; eventId: string; origin: Origin },
): Promise<Written> {
  const { boot, number, uid, status, imagesFound } = report
  return recordChange(ports, {
    target: targetOf(report),
    decide: ({ object: pod, report: last }) => {
      if (!isLater({ boot, number }, last)) return { after: pod }
      // The agent knows nothing of what was decided before it came in, and perhaps not yet of what was decided since.
      const kept = pod.status?.conditions?.filter(isOfCluster) ?? []
      const conditions = status.conditions?.filter((condition) => !isOfCluster(condition)) ?? []
      const qosClass = pod.status?.qosClass
      const merged = {
        ...status,
        conditions: [...kept, ...conditions],
        ...(qosClass && { qosClass }),
      }
      return {
        after: { ...pod, status: merged },
        recordedAs: {
          id: eventId,
          joined: { report: { boot, number }, ...(imagesFound && { imagesFound }) },
        },
      }
    },
    origin,
    preconditions: { uid },
  })
}

const isOfCluster = ({ type }: PodCondition): boolean =>
  type === 'PodScheduled' || type === 'DisruptionTarget'

/** `PodDeleted`: its agent has removed the containers of a terminating pod. */
export function reportPodGone(
  ports: WritePorts,
  { report, origin }: { report: PodGoneReport; origin: Origin },
): Promise<Written> {
  return recordChange(ports, {
    target: targetOf(report),
    decide: ({ object }) => {
      const isEnd = object.metadata.deletionTimestamp !== undefined
      const deletionGracePeriodSeconds = 0
      const metadata = { ...object.metadata, deletionGracePeriodSeconds }
      const isHeld = (object.metadata.finalizers?.length ?? 0) > 0
      return isEnd ? { after: { ...object, metadata }, isEnd: !isHeld } : { after: object }
    },
    origin,
    preconditions: { uid: report.uid },
  })
}
