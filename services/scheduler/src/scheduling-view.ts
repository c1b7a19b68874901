import type { ObjectChange, Objects, StoredObject } from '@reckon/domain'
import {
  conditionOf,
  isDeepEqual,
  isTerminating,
  type Node,
  type Pod,
  pods,
  resourceId,
} from '@reckon/kubernetes'
import { type ClusterState, clusterStateIn, feed, occupiesNode } from '@reckon/scheduling'
import { SchedulingQueue } from './queue.ts'

type Waiting = { namespace: string; name: string }

/**
 * What the scheduler knows: the nodes with what is promised of them, the pods that wait, and the placements that it has
 * made itself and not yet seen come back. Kept up with the shared view, change by change.
 */
export class SchedulingView {
  readonly cluster: ClusterState
  readonly queue = new SchedulingQueue()
  readonly #objects: Objects
  readonly #waiting = new Map<string, Waiting>()
  /** Numbers of own decisions whose event is not in the view, by the pod's uid. */
  readonly #assumed = new Map<string, number>()

  constructor(objects: Objects) {
    this.#objects = objects
    this.cluster = clusterStateIn(objects)
    for (const stored of objects.list(pods)) this.#seePod(stored)
  }

  /** Numbers of own decisions that are relied upon though not yet in the view, ascending. */
  get assumed(): number[] {
    return [...this.#assumed.values()].sort((a, b) => a - b)
  }

  /** Takes in what one event did; answers whether the loop has reason to look again. */
  apply(change: ObjectChange): boolean {
    feed(this.cluster, change)
    switch (resourceId(change.resource)) {
      case 'nodes':
        return this.#applyNode(change)
      case 'pods':
        return this.#applyPod(change)
      default:
        return false
    }
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
  }

  /** The placement was refused: the room is free again, and the pod rests if it still waits. */
  forget(uid: string, number: number, nowMs: number): void {
    if (this.#assumed.get(uid) !== number) return
    this.#assumed.delete(uid)
    this.cluster.removePod(uid)
    if (this.waiting(uid)) this.queue.backOff(uid, nowMs)
    this.queue.unpark()
  }

  #applyNode({ type, stored, before }: ObjectChange): boolean {
    const node = stored.object as Node
    if (type === 'DELETED') return false
    if (before && isDeepEqual(whatMatters(before.object as Node), whatMatters(node))) return false
    this.queue.unpark()
    return true
  }

  #applyPod({ type, stored }: ObjectChange): boolean {
    const pod = stored.object as Pod
    const uid = pod.metadata.uid ?? ''
    const ended = pod.spec.nodeName && !occupiesNode(pod)
    if (type !== 'DELETED' && !ended) return this.#seePod(stored as StoredObject<Pod>)
    this.#waiting.delete(uid)
    this.#assumed.delete(uid)
    this.queue.remove(uid)
    this.queue.unpark()
    return true
  }

  #seePod({ object: pod }: StoredObject<Pod>): boolean {
    const { uid = '', namespace = '', name } = pod.metadata
    if (occupiesNode(pod)) {
      this.#waiting.delete(uid)
      this.#assumed.delete(uid)
      this.queue.remove(uid)
      return false
    }
    if (!isOurs(pod)) {
      this.#waiting.delete(uid)
      this.queue.remove(uid)
      return false
    }
    if (this.#waiting.has(uid)) return false
    this.#waiting.set(uid, { namespace, name })
    this.queue.add(uid)
    return true
  }
}

/** Whether the pod waits for this scheduler. */
function isOurs(pod: Pod): boolean {
  const { schedulerName, schedulingGates, nodeName } = pod.spec as Pod['spec'] & {
    schedulingGates?: readonly unknown[]
  }
  const named = schedulerName === undefined || schedulerName === 'default-scheduler'
  return named && !nodeName && !schedulingGates?.length && !isTerminating(pod)
}

/** The part of a node that placements depend on. */
const whatMatters = ({ metadata, spec, status }: Node) => [
  metadata.labels,
  spec,
  status?.allocatable,
  conditionOf(status, 'Ready')?.status,
]
