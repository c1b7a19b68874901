import type { ObjectChange, Objects, StoredObject } from '@reckon/domain'
import {
  holds,
  isDeepEqual,
  isTerminating,
  namespaces,
  type Pod,
  pods,
  resourceId,
} from '@reckon/kubernetes'
import {
  type ClusterEvent,
  type ClusterState,
  clusterStateIn,
  feed,
  helpedPlugins,
  occupiesNode,
  type Policy,
  type RecordedPolicies,
  schedulingGates,
} from '@reckon/scheduling'
import { SchedulingQueue } from './queue.ts'

type Refused = { number: number; nodeName: string; nowMs: number }
type Waiting = { namespace: string; name: string }

/**
 * What the scheduler knows: the nodes with what is promised of them, the pods that wait, and the placements that it has
 * made itself and not yet seen come back. Kept up with the shared view, change by change.
 */
export class SchedulingView {
  readonly cluster: ClusterState
  readonly queue = new SchedulingQueue()
  readonly #objects: Objects
  readonly #policies: RecordedPolicies
  readonly #waiting = new Map<string, Waiting>()
  /** Numbers of own decisions whose event is not in the view, by the pod's uid. */
  readonly #assumed = new Map<string, number>()

  constructor(objects: Objects, policies: RecordedPolicies) {
    this.#objects = objects
    this.#policies = policies
    this.cluster = clusterStateIn(objects)
    for (const stored of objects.list(pods)) this.#seePod(stored.object)
  }

  /** Numbers of own decisions that are relied upon though not yet in the view, ascending. */
  get assumed(): number[] {
    return [...this.#assumed.values()].sort((a, b) => a - b)
  }

  /** Takes in what one event did; answers whether the loop has reason to look again. */
  apply(change: ObjectChange): boolean {
    const { nodeChanges } = this.cluster
    const { version } = nodeChanges
    feed(this.cluster, change)
    if (nodeChanges.version !== version) this.#wake('NodeChanged')
    const kind = resourceId(change.resource)
    if (kind === resourceId(namespaces)) this.#wake('NamespaceChanged')
    if (kind === resourceId(pods)) return this.#applyPod(change)
    return kind === resourceId(namespaces) || nodeChanges.version !== version
  }

  /** How such a pod is placed; undefined where it waits for another scheduler. */
  policyOf({ spec: { schedulerName = 'default-scheduler' } }: Pod): Policy | undefined {
    return this.#policies.current.get(schedulerName)
  }

  /** The policies are others: everything that waits is tried again, whoever it waited for. */
  judgeAnew(): void {
    for (const { object } of this.#objects.list(pods)) this.#seePod(object, true)
  }

  /** The pod as it is, if it still waits for a node. */
  waiting(uid: string): StoredObject<Pod> | undefined {
    const at = this.#waiting.get(uid)
    const stored = at && this.#objects.get(pods, at.namespace, at.name)
    return stored?.object.metadata.uid === uid ? stored : undefined
  }

  /** Counts an own placement before it comes back. */
  assume(pod: Pod, nodeName: string, number: number): void {
    const uid = pod.metadata.uid ?? ''
    this.cluster.addPod(pod, nodeName)
    this.#assumed.set(uid, number)
    this.queue.placed(uid)
    this.#wake('PodPlaced')
  }

  /** The placement was refused: the room is free again, and the pod rests if it still waits. */
  forget(uid: string, { number, nodeName, nowMs }: Refused): void {
    if (this.#assumed.get(uid) !== number) return
    this.#assumed.delete(uid)
    this.cluster.removePod(uid)
    if (this.waiting(uid)) this.queue.backOff(uid, nowMs)
    this.#wake('PodEnded', nodeName)
  }

  /** Wakes what such an event may help; of one node, if it is named, those whose requests have room there. */
  #wake(event: ClusterEvent, nodeName?: string): void {
    const policies = [...this.#policies.current.values()]
    const helped = policies.map((policy) => helpedPlugins(event, policy))
    this.queue.wake(
      helped.includes(undefined) ? undefined : helped.flatMap((plugins) => plugins ?? []),
      ({ traits }) => nodeName === undefined || this.cluster.hasRoom(traits, nodeName),
    )
  }

  #applyPod({ type, stored, before: changed }: ObjectChange): boolean {
    if (!holds(pods, stored)) return false
    const pod = stored.object
    const before = changed && holds(pods, changed) ? changed.object : undefined
    const uid = pod.metadata.uid ?? ''
    const isEnded = pod.spec.nodeName && !occupiesNode(pod)
    if (type === 'DELETED' || isEnded) {
      this.#leaveQueue(uid)
      this.#assumed.delete(uid)
      if (pod.spec.nodeName) this.#wake('PodEnded', pod.spec.nodeName)
      return true
    }
    if (!occupiesNode(pod)) {
      const isOtherwise =
        before !== undefined && !isDeepEqual(schedulingInputsOf(before), schedulingInputsOf(pod))
      return this.#seePod(pod, isOtherwise)
    }
    const isPlaced = before === undefined || !occupiesNode(before)
    const isChanged =
      before !== undefined && !isDeepEqual(whatOthersSee(before), whatOthersSee(pod))
    this.#seePod(pod)
    if (isPlaced) this.#wake('PodPlaced')
    else if (isChanged) this.#wake('PodChanged')
    return isPlaced || isChanged
  }

  #seePod(pod: Pod, isOtherwise = false): boolean {
    const { uid = '', namespace = '', name } = pod.metadata
    if (occupiesNode(pod)) this.#assumed.delete(uid)
    if (!this.#isOurs(pod)) return this.#leaveQueue(uid)
    if (this.#waiting.has(uid) && !isOtherwise) return false
    this.#waiting.set(uid, { namespace, name })
    // What is assumed to be placed comes back by itself.
    if (!this.#assumed.has(uid)) this.queue.add(uid, pod.spec.priority)
    return true
  }

  /** Whether the pod waits for this scheduler. */
  #isOurs(pod: Pod): boolean {
    const isBound = pod.spec.nodeName !== undefined && pod.spec.nodeName !== ''
    if (isBound || isTerminating(pod) || schedulingGates.admit(pod) !== undefined) return false
    return this.policyOf(pod) !== undefined
  }

  /** Answers whether it was there. */
  #leaveQueue(uid: string): boolean {
    this.queue.remove(uid)
    return this.#waiting.delete(uid)
  }
}

/** The part of a placed pod that other pods' placements depend on. */
const whatOthersSee = (pod: Pod) => [pod.metadata.labels, isTerminating(pod)]

/** What a waiting pod asks for; its status aside. */
const schedulingInputsOf = ({ metadata, spec }: Pod) => [metadata.labels, spec]
