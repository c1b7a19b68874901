import { type Decision, isLater, type Origin } from '@reckon/domain'
import { conflict, type Pod, type PodCondition, pods, secondsOf } from '@reckon/kubernetes'
import type { PodGoneReport, PodStatusReport } from '@reckon/node-plane'
import { type Change, changeObject } from './change-object.ts'
import { recordChange } from './record-change.ts'
import { withCondition } from './with-condition.ts'
import type { WritePorts } from './write-ports.ts'
import type { Written } from './written.ts'

/** A pod by name, and by uid if a certain one is meant. */
export type PodRef = { namespace: string; name: string; uid?: string }

const targetOf = ({ namespace, name }: PodRef) => ({
  resource: pods,
  namespace,
  name,
})

/** The binding of a pod to a node, with the decision if a scheduler made it. */
export type Binding = {
  pod: PodRef
  nodeName: string
  origin: Origin
  decision?: Decision
  /** For who asks again after an unknown outcome. */
  eventId?: string
}

/**
 * Records `PodScheduled`: the pod runs on this node for good. Binding to the same node again records nothing; another
 * node is refused with `Conflict`.
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
    // Removes its nomination.
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

/** That no node fits a pod; the decision says which node is nominated for it, if any. */
export type SchedulingFailure = {
  pod: PodRef
  decision: Decision
  /**
   * Without a new nomination: an earlier one stays, if it is still there. One that was cleared since the decision looked
   * does not come back.
   */
  keepsNomination?: boolean
  origin: Origin
  /** For who asks again after an unknown outcome. */
  eventId?: string
}

/**
 * Records `PodSchedulingFailed`: no node can run the pod at present, and why. Repeating it records nothing, except for
 * a decision that preempts pods: that is refused with `Conflict` once the pod needs no node any more.
 */
export function recordSchedulingFailure(
  ports: WritePorts,
  { pod: ref, decision, keepsNomination = false, origin, eventId }: SchedulingFailure,
): Promise<Written> {
  const { message, nomination } = decision
  const at = secondsOf(ports.clock.now())
  const fail = (pod: Pod) => {
    const isOver = pod.spec.nodeName || pod.metadata.deletionTimestamp
    if (nomination && isOver) throw conflict(pods, ref.name, `pod ${ref.name} needs no node`)
    if (pod.spec.nodeName) return pod
    const { nominatedNodeName: before, ...status } = pod.status ?? {}
    const nominatedNodeName = nomination?.nodeName ?? (keepsNomination ? before : undefined)
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
    // Another round of preemption may leave the status unchanged and is recorded all the same; a
    // retry of the same round is recorded once.
    isNews: ({ last }) => nomination !== undefined && last.id !== eventId,
  })
}

/**
 * Also records `PodSchedulingFailed`, after a node was found: something that the pod needs there did not arrive, so it
 * is placed again. There is no decision to record. Repeating it records nothing.
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

/** Withdraws a pod's nomination, because a pod with a higher priority got the node. */
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
 * Records a pod's whole status as reported by its agent. An outdated report is ignored; one for another pod of that
 * name is refused with `Conflict`. A repeated report has the same event id.
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
      // The agent does not know conditions that others have set, before or since.
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

/** Records `PodDeleted`: the agent has removed the containers of a terminating pod. */
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
