import type { Nomination, ObjectChange } from '@reckon/domain'
import {
  controllerOf,
  isFinished,
  isOf,
  isTerminating,
  nodes,
  type Pod,
  pods,
} from '@reckon/kubernetes'
import type { Policy } from '../framework.ts'
import { place } from '../placing/place.ts'
import type { Placement } from '../placing/placement.ts'
import type { Policies } from '../policy/policies.ts'
import { nodeNameOf, recordedDecision } from '../replaying/recorded-decision.ts'
import { ClusterState } from '../state/cluster-state.ts'
import type { EqualPods } from '../state/equal-pods.ts'
import { feed } from '../state/feed.ts'
import { nominationOf, occupiesNode } from '../state/node-of-pod.ts'
import { policyFor } from './policy-for.ts'

/** A pod that is scheduled again. */
export type Judged = {
  pod: Pod
  /** The node on which it was really placed. */
  recorded?: string
  /** The node on which it is placed under the assumptions; absent: none. */
  supposed?: string
  /** The last message when no node fitted. */
  message?: string
  /** Whether the pod itself exists only by assumption. */
  readonly isSupposed: boolean
}

/**
 * The cluster under the assumptions: everything that really happened, except that pods which were pending are placed
 * where they would have been. Until `begin` it is as it really was.
 */
export class SupposedCluster {
  readonly cluster = new ClusterState()
  readonly judged = new Map<string, Judged>()
  /** Pods that are really placed by now, and pending here. */
  readonly late = new Set<string>()
  /** Names of pods that are preempted here, and that no controller creates again. */
  readonly drivenAway: string[] = []
  /** Whether something has happened, since the last attempt, that may let a pending pod fit. */
  isHelped = false
  /** Pods that were preempted here, and are created again. */
  readonly #madeAnew = new Set<string>()
  /** Pods that are removed here, whatever really happens to them. */
  readonly #removed = new Set<string>()
  readonly #waiting = new Map<string, Pod>()
  readonly #removedNodes = new Set<string>()
  readonly #priorities = new Map<string, number>()
  readonly #podNamed: PodNamed
  #begun = false

  /** `podNamed`: finds the real pod of a name. */
  constructor(podNamed: PodNamed) {
    this.#podNamed = podNamed
  }

  /** From here on pods are scheduled again, these pending ones included. */
  begin(waiting: Iterable<Pod>): void {
    this.#begun = true
    for (const pod of waiting) {
      if (!nodeNameOf(pod) && !isFinished(pod.status)) this.enqueue(pod)
    }
  }

  /** Makes a pod pending; `from` is the node on which it was. */
  enqueue(
    pod: Pod,
    { from, isSupposed = false }: { from?: string; isSupposed?: boolean } = {},
  ): void {
    const { uid = '' } = pod.metadata
    this.#removed.delete(uid)
    this.cluster.removePod(uid)
    this.judged.set(uid, { pod, isSupposed, ...(from && { recorded: from }) })
    this.#waiting.set(uid, this.#asSupposed(pod))
  }

  /** Removes a pod. */
  remove(uid: string): void {
    this.#removed.add(uid)
    this.#waiting.delete(uid)
    this.judged.delete(uid)
    this.cluster.removePod(uid)
    this.isHelped = true
  }

  /** Removes a node; returns the uids of its pods. */
  removeNode(name: string): string[] {
    this.#removedNodes.add(name)
    const slot = this.cluster.slots.find(name)
    const uids = slot === undefined ? [] : this.cluster.pods.at(slot).map(({ uid }) => uid)
    this.cluster.removeNode(name)
    return uids
  }

  setPriority({ metadata: { uid = '' } }: Pod, priority: number): void {
    this.#priorities.set(uid, priority)
    const waiting = this.#waiting.get(uid)
    if (waiting) this.#waiting.set(uid, this.#asSupposed(waiting))
  }

  /** Applies what really happened. */
  follow(change: ObjectChange): void {
    const { object } = change.stored
    if (isOf(nodes, object) && this.#removedNodes.has(object.metadata.name)) return
    if (this.#begun && isOf(pods, object)) this.#followPod(object, change)
    else feed(this.cluster, change)
    if (isOf(nodes, object)) this.isHelped = true
  }

  #followPod(pod: Pod, change: ObjectChange): void {
    const { uid = '' } = pod.metadata
    const judged = this.judged.get(uid)
    if (change.type === 'DELETED' || isFinished(pod.status)) {
      // A pod that really left as well, only later than here, is not reported.
      this.late.delete(uid)
      if (this.#madeAnew.delete(uid)) this.judged.delete(uid)
      this.#removed.delete(uid)
      this.#waiting.delete(uid)
      this.cluster.removePod(uid)
      this.cluster.nominate(pod, undefined)
      this.isHelped = true
    } else if (this.#removed.has(uid)) return
    else if (change.type === 'ADDED' && !nodeNameOf(pod)) this.enqueue(pod)
    else if (judged === undefined || isBoundByOthers(change)) {
      // Pods that are bound without the scheduler are bound under any assumption.
      this.#waiting.delete(uid)
      this.judged.delete(uid)
      feed(this.cluster, change)
    } else this.#keep(judged, pod, change)
  }

  /** Applies a real change of a pod that is scheduled again. */
  #keep(judged: Judged, pod: Pod, { event }: ObjectChange): void {
    judged.pod = pod
    const sentTo = recordedDecision(event)?.nodeName
    if (sentTo) judged.recorded = sentTo
    if (judged.supposed) this.cluster.addPod(pod, judged.supposed)
    else {
      this.#waiting.set(pod.metadata.uid ?? '', this.#asSupposed(pod))
      this.cluster.nominate(pod, nominationOf(pod))
    }
  }

  /** Tries to place a pod, if it is pending; returns whether it is placed now. */
  decide(uid: string, policies: Policies): boolean {
    const pod = this.#waiting.get(uid)
    const judged = this.judged.get(uid)
    if (pod === undefined || judged === undefined || isTerminating(pod)) return false
    const policy = policyFor(pod, policies)
    if (typeof policy === 'string') {
      judged.message = policy
      return false
    }
    const placement = place(pod, this.cluster, policy)
    const nodeName = placement.nodeName ?? this.#roomMade(placement)
    if (nodeName === undefined) {
      judged.message = placement.verdict
      return false
    }
    delete judged.message
    this.cluster.nominate(pod, undefined)
    judged.supposed = nodeName
    this.#waiting.delete(uid)
    this.cluster.addPod(pod, nodeName)
    return true
  }

  /** The node that victims leave at once, where a preemption is needed; those created again become pending. */
  #roomMade({ preemption }: Placement): string | undefined {
    if (preemption === undefined || !('nomination' in preemption)) return undefined
    const { nodeName, victims } = preemption.nomination
    for (const victim of victims) this.#driveAway(victim, nodeName)
    return nodeName
  }

  #driveAway({ namespace, name, uid }: Nomination['victims'][number], nodeName: string): void {
    const judged = this.judged.get(uid)
    const pod = judged?.pod ?? this.#podNamed(namespace, name)
    const from = judged ? judged.recorded : nodeName
    this.remove(uid)
    if (pod === undefined || controllerOf(pod) === undefined) {
      this.drivenAway.push(`${namespace}/${name}`)
      return
    }
    const isSupposed = judged?.isSupposed ?? false
    this.enqueue(pod, { isSupposed, ...(from && { from }) })
    this.late.add(uid)
    this.#madeAnew.add(uid)
  }

  /** Tries to place the pending ones of these pods, those of higher priority first, until none fits any more. */
  decideAll(uids: Iterable<string>, policies: Policies): void {
    this.isHelped = false
    let waiting = [...uids].flatMap((uid) => {
      const pod = this.#waiting.get(uid)
      return pod ? [{ uid, pod }] : []
    })
    waiting.sort((a, b) => inOrder(a.pod, b.pod))
    for (let isMoving = true; isMoving; ) {
      const refused = new Map<Policy | string, Map<EqualPods, string | undefined>>()
      const left = waiting.filter(({ uid, pod }) => {
        // A result is valid for all pods with equal traits and the same policy.
        const policy = policyFor(pod, policies)
        const refusals = refused.get(policy) ?? new Map<EqualPods, string | undefined>()
        refused.set(policy, refusals)
        const equal = this.cluster.equalPods(pod)
        if (refusals.has(equal)) {
          const judged = this.judged.get(uid)
          const message = refusals.get(equal)
          if (judged && message !== undefined) judged.message = message
          return true
        }
        if (this.decide(uid, policies)) return false
        refusals.set(equal, this.judged.get(uid)?.message)
        return true
      })
      isMoving = left.length > 0 && left.length < waiting.length
      waiting = left
    }
  }

  /** The uids of all pending pods. */
  get waiting(): string[] {
    return [...this.#waiting.keys()]
  }

  #asSupposed(pod: Pod): Pod {
    const { nodeName: _, ...spec } = pod.spec
    const priority = this.#priorities.get(pod.metadata.uid ?? '')
    if (!occupiesNode(pod) && priority === undefined) return pod
    return { ...pod, spec: { ...spec, ...(priority !== undefined && { priority }) } }
  }
}

type PodNamed = (namespace: string, name: string) => Pod | undefined

/** The order of the scheduler's queue: by priority, then by age. */
function inOrder(a: Pod, b: Pod): number {
  const byPriority = (b.spec.priority ?? 0) - (a.spec.priority ?? 0)
  if (byPriority !== 0) return byPriority
  const [one = '', other = ''] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp]
  return one === other ? 0 : one < other ? -1 : 1
}

const isBoundByOthers = ({ event }: ObjectChange): boolean =>
  event.type === 'PodScheduled' && recordedDecision(event) === undefined
