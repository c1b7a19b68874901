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

/** A pod about which is decided anew. */
export type Judged = {
  pod: Pod
  /** Where it was sent in truth. */
  recorded?: string
  /** Where it goes by what is supposed; absent: nowhere. */
  supposed?: string
  /** What was said last when no node suited. */
  message?: string
  /** It is only supposed to be there. */
  readonly isSupposed: boolean
}

/**
 * The cluster as it would be: everything that happened, but that pods which nobody had placed yet stand where they
 * would have gone. Until `begin` everything is as it was.
 */
export class SupposedCluster {
  readonly cluster = new ClusterState()
  readonly judged = new Map<string, Judged>()
  /** Who was placed in truth by now, and waits here. */
  readonly late = new Set<string>()
  /** Names of pods that have to leave for others, and that nobody makes anew. */
  readonly drivenAway: string[] = []
  /** Whether something happened since the last look that may let a waiting pod fit. */
  isHelped = false
  /** Who had to leave here, and is made anew. */
  readonly #madeAnew = new Set<string>()
  /** Who is not there any more, whatever is told of it in truth. */
  readonly #removed = new Set<string>()
  readonly #waiting = new Map<string, Pod>()
  readonly #removedNodes = new Set<string>()
  readonly #priorities = new Map<string, number>()
  readonly #podNamed: PodNamed
  #begun = false

  /** `podNamed`: the pod of that name as it is in truth. */
  constructor(podNamed: PodNamed) {
    this.#podNamed = podNamed
  }

  /** From here on it is decided anew; about these as well. */
  begin(waiting: Iterable<Pod>): void {
    this.#begun = true
    for (const pod of waiting) {
      if (!nodeNameOf(pod) && !isFinished(pod.status)) this.enqueue(pod)
    }
  }

  /** A pod waits from now on; with `from` one that stood there. */
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

  /** A pod is not there any more. */
  remove(uid: string): void {
    this.#removed.add(uid)
    this.#waiting.delete(uid)
    this.judged.delete(uid)
    this.cluster.removePod(uid)
    this.isHelped = true
  }

  /** A node is not there any more; answers the uids of the pods that stood on it. */
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

  /** Takes in what happened in truth. */
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
      // Who left in truth as well, and here only earlier, is not told about.
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
      // Who binds a pod without the scheduler does so whatever is supposed.
      this.#waiting.delete(uid)
      this.judged.delete(uid)
      feed(this.cluster, change)
    } else this.#keep(judged, pod, change)
  }

  /** A pod about which is decided anew has changed. */
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

  /** Decides about a pod, if it waits; answers whether it is placed now. */
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

  /** The node that others leave at once, where that is what it takes; those who are made anew wait for a place. */
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

  /** Decides about those of these pods that wait, the more important ones first, until none fits any more. */
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
        // What holds for one holds for all that are alike, and that the same policy places.
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

  /** The uids of all that wait. */
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

/** As the scheduler's queue: by priority, then by age. */
function inOrder(a: Pod, b: Pod): number {
  const byPriority = (b.spec.priority ?? 0) - (a.spec.priority ?? 0)
  if (byPriority !== 0) return byPriority
  const [one = '', other = ''] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp]
  return one === other ? 0 : one < other ? -1 : 1
}

const isBoundByOthers = ({ event }: ObjectChange): boolean =>
  event.type === 'PodScheduled' && recordedDecision(event) === undefined
