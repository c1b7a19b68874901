import { createdIn, type Decision, type Objects, refOf, refusedIn } from '@reckon/domain'
import { pods } from '@reckon/kubernetes'
import type { ClusterState } from '../state/cluster-state.ts'
import { nominationOf, occupiesNode } from '../state/node-of-pod.ts'
import { type RecordedEvent, recordedDecision } from './recorded-decision.ts'

type Placement = {
  readonly uid?: string
  readonly stream?: string
  readonly nodeName: string
  /** The node is only kept for the pod. */
  readonly isNomination: boolean
}

/** So many placements are remembered for those that assume them. */
const rememberedMax = 65_536

/**
 * The placements that decisions relied upon before their events were seen. What became of a number tells its event, or
 * that it was refused.
 */
export class AssumedPlacements {
  readonly #objects: Objects
  readonly #cluster: ClusterState
  /** By term and number. */
  readonly #known = new Map<string, Placement>()
  readonly #streams = new Map<string, string>()
  /** The pods that count by assumption alone. */
  readonly #counted = new Set<string>()

  constructor(objects: Objects, cluster: ClusterState) {
    this.#objects = objects
    this.#cluster = cluster
  }

  /** Takes down what an event that is read ahead tells about a number. */
  note(event: RecordedEvent): void {
    const recorded = recordedDecision(event)
    const nomination = recorded?.decision.nomination
    const nodeName = recorded?.nodeName ?? nomination?.nodeName
    if (recorded && nodeName !== undefined) {
      const isNomination = nomination !== undefined
      this.#remember(recorded.decision, { stream: event.stream, nodeName, isNomination })
    } else if (event.type === 'PlacementRefused') {
      const { podUid: uid, nodeName, isNomination = false, ...number } = refusedIn(event)
      this.#remember(number, { uid, nodeName, isNomination })
    } else if (event.type === 'PodCreated') {
      const { uid } = createdIn(event).object.metadata
      if (uid !== undefined) this.#streams.set(uid, event.stream)
    }
  }

  /** Counts just what this decision assumed; answers a number of which nothing is known. */
  assume({ term, assumed }: Decision): number | undefined {
    const wanted = new Set<string>()
    for (const number of assumed) {
      const placement = this.#known.get(`${term}/${number}`)
      if (placement === undefined) return number
      const uid = this.#count(placement)
      if (uid !== undefined) wanted.add(uid)
    }
    for (const uid of this.#counted) {
      if (!wanted.has(uid)) this.#uncount(uid)
    }
    return undefined
  }

  /** The uid of the pod that now counts by assumption alone; undefined where its own event tells. */
  #count({ uid: refused, stream, nodeName, isNomination }: Placement): string | undefined {
    const pod = this.#podIn(stream ?? this.#streams.get(refused ?? '') ?? '')
    const uid = pod?.metadata.uid ?? ''
    if (pod === undefined || (refused && refused !== uid) || occupiesNode(pod)) return undefined
    if (isNomination) this.#cluster.nominate(pod, nodeName)
    else this.#cluster.addPod(pod, nodeName)
    this.#counted.add(uid)
    return uid
  }

  #uncount(uid: string): void {
    this.#counted.delete(uid)
    const pod = this.#podIn(this.#streams.get(uid) ?? '')
    // One that was bound meanwhile counts by itself.
    if (pod?.metadata.uid === uid && occupiesNode(pod)) return
    this.#cluster.removePod(uid)
    if (pod) this.#cluster.nominate(pod, nominationOf(pod))
  }

  #podIn(stream: string) {
    const ref = refOf(stream)
    return ref && this.#objects.get(pods, ref.namespace, ref.name)?.object
  }

  #remember({ term, number }: { term: number; number: number }, placement: Placement): void {
    this.#known.set(`${term}/${number}`, placement)
    if (this.#known.size <= rememberedMax) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}
