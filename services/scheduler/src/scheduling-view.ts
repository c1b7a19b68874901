import type { Nomination, ObjectChange, Objects, StoredObject } from '@reckon/domain'
import {
  claimsOf,
  holds,
  isDeepEqual,
  isTerminating,
  namespaces,
  type Pod,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  resourceId,
  schedulerNameOf,
  storageClasses,
} from '@reckon/kubernetes'
import {
  type ClusterEvent,
  type ClusterState,
  clusterStateIn,
  feed,
  helpedPlugins,
  nominationOf,
  occupiesNode,
  type Policy,
  pluginsHelpedElsewhere,
  type RecordedPolicies,
  schedulingGates,
} from '@reckon/scheduling'
import { MakingRoom } from './making-room.ts'
import { SchedulingQueue } from './queue.ts'
import { claimThatCame, RestingClaimants, unboundClaims } from './resting-claimants.ts'

/** `isLong` means that what the pod waited for did not arrive and may never. */
type Refused = { number: number; nodeName: string; nowMs: number; isLong?: boolean }
/** A decision of our own whose event is not in the view yet; `kept` for a mere nomination. */
type Assumed = { number: number; nodeName: string; kept?: { eventId: string } }
type Waiting = { namespace: string; name: string }
type OwnNomination = Nomination & { number: number; eventId: string }

/**
 * The scheduler's state: the nodes with their pods, the waiting pods, and its own placements that have not returned
 * through the view yet. Updated with each change of the view.
 */
export class SchedulingView {
  readonly cluster: ClusterState
  readonly queue = new SchedulingQueue()
  readonly #objects: Objects
  readonly #policies: RecordedPolicies
  readonly #waiting = new Map<string, Waiting>()
  /** By the pod's uid. */
  readonly #assumed = new Map<string, Assumed>()
  readonly #makingRoom = new MakingRoom()
  readonly #resting = new RestingClaimants()

  constructor(objects: Objects, policies: RecordedPolicies) {
    this.#objects = objects
    this.#policies = policies
    this.cluster = clusterStateIn(objects)
    for (const stored of objects.list(pods)) this.#seePod(stored.object)
  }

  /** The numbers of own decisions that are relied upon but not in the view yet, in ascending order. */
  get assumed(): number[] {
    return Array.from(this.#assumed.values(), ({ number }) => number)
  }

  get assumedCount(): number {
    return this.#assumed.size
  }

  /** Applies a change; returns whether the loop should look again. */
  apply(change: ObjectChange): boolean {
    const { nodeChanges } = this.cluster
    const { version } = nodeChanges
    feed(this.cluster, change)
    this.#keepAssumed(change)
    if (nodeChanges.version !== version) this.#wake('NodeChanged')
    const kind = resourceId(change.resource)
    if (kind === resourceId(namespaces)) this.#wake('NamespaceChanged')
    if (kind === resourceId(pods)) return this.#applyPod(change)
    if (storageKinds.has(kind)) {
      this.#wake('StorageChanged')
      this.#wakeResting(change)
      return true
    }
    return kind === resourceId(namespaces) || nodeChanges.version !== version
  }

  /** The pod, if it is to be decided now. */
  due(uid: string): StoredObject<Pod> | undefined {
    return this.#makingRoom.isHeld(uid) ? undefined : this.waiting(uid)
  }

  /** The policy for a pod; undefined where it belongs to another scheduler. */
  policyOf({ spec }: Pod): Policy | undefined {
    return this.#policies.current.get(schedulerNameOf(spec))
  }

  /** The policies have changed: all waiting pods are retried, whichever scheduler they named. */
  judgeAnew(): void {
    for (const { object } of this.#objects.list(pods)) this.#seePod(object, true)
  }

  /** The pod, if it still waits for a node. */
  waiting(uid: string): StoredObject<Pod> | undefined {
    const at = this.#waiting.get(uid)
    const stored = at && this.#objects.get(pods, at.namespace, at.name)
    return stored?.object.metadata.uid === uid ? stored : undefined
  }

  /** Counts an own placement before it returns through the view. */
  assume(pod: Pod, nodeName: string, number: number): void {
    const uid = pod.metadata.uid ?? ''
    this.cluster.addPod(pod, nodeName)
    this.#rely(uid, { number, nodeName })
    this.#makingRoom.end(uid)
    this.#resting.end(uid)
    this.queue.placed(uid)
    this.#wake('PodPlaced')
  }

  /** The placement was refused: its room is free again, and a waiting pod backs off, nominated as the view has it. */
  forget(uid: string, { number, nodeName, nowMs, isLong = false }: Refused): void {
    if (this.#assumed.get(uid)?.number !== number) return
    this.#assumed.delete(uid)
    this.cluster.removePod(uid)
    const stored = this.waiting(uid)
    if (stored) {
      this.cluster.nominate(stored.object, nominationOf(stored.object))
      if (isLong) this.#restLong(stored.object, nowMs)
      else this.queue.backOff(uid, nowMs)
      this.#wakeClaimants(stored.object)
    }
    this.#wake('PodEnded', nodeName)
  }

  /** Counts an own nomination before it returns; the pod is not decided again before its victims leave. */
  nominate(pod: Pod, { nodeName, victims, number, eventId }: OwnNomination): void {
    const { uid = '' } = pod.metadata
    this.cluster.nominate(pod, nodeName)
    this.#rely(uid, { number, nodeName, kept: { eventId } })
    const standing = victims.filter(({ namespace, name, uid: victim }) => {
      const object = this.#objects.get(pods, namespace, name)?.object
      return object?.metadata.uid === victim && !isTerminating(object)
    })
    this.#makingRoom.begin(
      uid,
      standing.map((victim) => victim.uid),
    )
  }

  /** The nomination was refused: no victim leaves, and the pod backs off if it still waits. */
  withdraw(uid: string, { number, nowMs }: { number: number; nowMs: number }): void {
    if (this.#assumed.get(uid)?.number !== number) return
    const nodeName = this.#assumed.get(uid)?.nodeName
    this.#assumed.delete(uid)
    this.#makingRoom.end(uid)
    const stored = this.waiting(uid)
    if (stored) {
      this.cluster.nominate(stored.object, nominationOf(stored.object))
      this.queue.backOff(uid, nowMs)
    }
    this.#wake('PodEnded', nodeName)
  }

  /** Some victims do not leave: the pod is decided again, at growing intervals, if it still waits for them. */
  stopWaiting(uid: string, nowMs: number): void {
    if (this.#makingRoom.giveUp(uid) && this.waiting(uid)) this.queue.tryRarely(uid, nowMs)
  }

  /** The pods of lower priority with the same nominated node, which must look for another one. */
  outranked({ spec: { priority = 0 } }: Pod, nodeName: string): Pod[] {
    const slot = this.cluster.slots.find(nodeName)
    if (slot === undefined) return []
    return this.cluster.nominations.at(slot).filter(({ spec }) => (spec.priority ?? 0) < priority)
  }

  #rely(uid: string, assumed: Assumed): void {
    // Re-inserted, so that it is last.
    this.#assumed.delete(uid)
    this.#assumed.set(uid, assumed)
  }

  /** Assumptions about a pod survive changes of it until the decision's event; the pod counts in its newest version. */
  #keepAssumed({ type, stored, event }: ObjectChange): void {
    if (this.#assumed.size === 0 || !holds(pods, stored)) return
    const pod = stored.object
    const assumed = this.#assumed.get(pod.metadata.uid ?? '')
    if (assumed === undefined) return
    if (event.id === assumed.kept?.eventId) this.#assumed.delete(pod.metadata.uid ?? '')
    else if (type === 'DELETED' || pod.spec.nodeName) return
    else if (assumed.kept) this.cluster.nominate(pod, assumed.nodeName)
    else this.cluster.addPod(pod, assumed.nodeName)
  }

  /** Wakes the pods that such an event may help: on a named node, or on others of its domains. */
  #wake(event: ClusterEvent, nodeName?: string): void {
    if (!this.queue.hasParked) return
    const policies = [...this.#policies.current.values()]
    const elsewhere = pluginsHelpedElsewhere(event, policies)
    this.queue.wake(helpedPlugins(event, policies), ({ sort, rejectedBy }) => {
      if (nodeName === undefined || this.cluster.hasRoom(sort.traits, nodeName)) return true
      return !rejectedBy.isDisjointFrom(elsewhere)
    })
  }

  /** Exclusive volumes of the pod can be used by another one, wherever that has room. */
  #wakeClaimants(pod: Pod): void {
    if (claimsOf(pod).length > 0) this.#wake('ClaimsFreed')
  }

  /** Lets the pod back off until one of its claims is bound, for five minutes at most. */
  #restLong(pod: Pod, nowMs: number): void {
    const { uid = '' } = pod.metadata
    const unbound = unboundClaims(pod, this.#objects)
    // Bound in the meantime: there is nothing to wait for.
    if (unbound.length === 0) {
      this.queue.backOff(uid, nowMs)
      return
    }
    this.queue.restLong(uid, nowMs)
    this.#resting.rest(uid, unbound)
  }

  /** Wakes pods whose claims have been bound. */
  #wakeResting(change: ObjectChange): void {
    const claim = claimThatCame(change)
    if (claim === undefined) return
    for (const uid of this.#resting.of(claim)) this.queue.again(uid)
  }

  #applyPod({ type, stored, before: changed }: ObjectChange): boolean {
    if (!holds(pods, stored)) return false
    const pod = stored.object
    const before = changed && holds(pods, changed) ? changed.object : undefined
    const uid = pod.metadata.uid ?? ''
    const isEnded = pod.spec.nodeName && !occupiesNode(pod)
    if (type === 'DELETED' || isTerminating(pod) || isEnded) {
      this.#seeLeaving(uid)
    }
    const after = type === 'DELETED' ? undefined : pod
    const isFreed = before !== undefined && this.#seeNomination(before, after)
    if (type === 'DELETED' || isEnded) {
      this.#leaveQueue(uid)
      this.#assumed.delete(uid)
      if (pod.spec.nodeName) {
        this.#wake('PodEnded', pod.spec.nodeName)
        this.#wakeClaimants(pod)
      }
      return true
    }
    if (!occupiesNode(pod)) {
      const isOtherwise =
        before !== undefined && !isDeepEqual(schedulingInputsOf(before), schedulingInputsOf(pod))
      return this.#seePod(pod, isOtherwise) || isFreed
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
    // An assumed placement returns by itself.
    const assumed = this.#assumed.get(uid)
    if (assumed === undefined || assumed.kept) this.queue.add(uid, pod.spec.priority)
    return true
  }

  /** The pod is leaving or gone: pods that waited for it and missed a turn are tried again. */
  #seeLeaving(victim: string): void {
    this.#makingRoom.end(victim)
    for (const uid of this.#makingRoom.goes(victim)) this.queue.again(uid)
  }

  /** The pod's nomination ends, unless it got the node; returns whether room was freed. */
  #seeNomination(before: Pod, pod: Pod | undefined): boolean {
    const nodeName = nominationOf(before)
    if (nodeName === undefined || pod?.spec.nodeName) return false
    if (pod && nominationOf(pod) === nodeName) return false
    this.#wake('PodEnded', nodeName)
    if (pod) this.queue.again(pod.metadata.uid ?? '')
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
    this.#resting.end(uid)
    this.queue.remove(uid)
    return this.#waiting.delete(uid)
  }
}

/** The kinds whose changes may help pods with claims. */
const storageKinds: ReadonlySet<string> = new Set(
  [persistentVolumeClaims, persistentVolumes, storageClasses].map(resourceId),
)

/** The properties of a placed pod that placements of others depend on. */
const whatOthersSee = (pod: Pod) => [pod.metadata.labels, isTerminating(pod)]

/** The properties of a waiting pod that its placement depends on, without its status. */
const schedulingInputsOf = ({ metadata, spec }: Pod) => [metadata.labels, spec]
