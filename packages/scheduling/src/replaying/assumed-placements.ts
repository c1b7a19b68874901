import { createdIn, type Decision, refusedIn } from '@reckon/domain'
import type { Pod } from '@reckon/kubernetes'
import type { ClusterState } from '../state/cluster-state.ts'
import { nominationOf, occupiesNode } from '../state/node-of-pod.ts'
import type { FedObjects } from './fed-objects.ts'
import type { RecordedDecision, RecordedEvent } from './recorded-decision.ts'

type Placement = {
  readonly uid?: string
  readonly stream?: string
  readonly nodeName: string
  /** The node is only kept for the pod. */
  readonly isNomination: boolean
}

/** A pod that counts by assumption alone, as it was then, in which stream, and by which placement. */
type Counted = { readonly pod: Pod; readonly stream: string; readonly by: Placement }

/** So many placements are remembered for those that assume them. */
const rememberedMax = 65_536

/**
 * The placements that decisions relied upon before their events were seen. What became of a number tells its event, or
 * that it was refused.
 */
export class AssumedPlacements {
  readonly #objects: FedObjects
  readonly #cluster: ClusterState
  /** By term and number. */
  readonly #known = new Map<string, Placement>()
  /** The keys of these, the oldest of them at `#oldest`. */
  readonly #keys: string[] = []
  #oldest = 0
  readonly #streams = new Map<string, string>()
  /** The pods that count by assumption alone, by uid. */
  readonly #counted = new Map<string, Counted>()

  constructor(objects: FedObjects, cluster: ClusterState) {
    this.#objects = objects
    this.#cluster = cluster
  }

  /** Takes down what an event that is read ahead, with the decision that it carries, tells about a number. */
  note(event: RecordedEvent, recorded: RecordedDecision | undefined): void {
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
    if (assumed.length === 0 && this.#counted.size === 0) return undefined
    const wanted = new Set<string>()
    for (const number of assumed) {
      const placement = this.#known.get(keyOf(term, number))
      if (placement === undefined) return number
      const uid = this.#count(placement)
      if (uid !== undefined) wanted.add(uid)
    }
    for (const [uid, counted] of this.#counted) {
      if (!wanted.has(uid)) this.#uncount(uid, counted)
    }
    return undefined
  }

  /** The uid of the pod that now counts by assumption alone; undefined where its own event tells. */
  #count(by: Placement): string | undefined {
    const { uid: refused, nodeName, isNomination } = by
    const stream = by.stream ?? this.#streams.get(refused ?? '') ?? ''
    const pod = this.#objects.podIn(stream)
    const uid = pod?.metadata.uid ?? ''
    if (pod === undefined || (refused && refused !== uid) || occupiesNode(pod)) return undefined
    const counted = this.#counted.get(uid)
    // Most of what a decision assumes, the one before it has assumed too.
    if (counted?.pod === pod && counted.by === by) return uid
    if (isNomination) this.#cluster.nominate(pod, nodeName)
    else this.#cluster.addPod(pod, nodeName)
    this.#counted.set(uid, { pod, stream, by })
    return uid
  }

  #uncount(uid: string, { stream }: Counted): void {
    this.#counted.delete(uid)
    const pod = this.#objects.podIn(stream)
    // One that was bound meanwhile counts by itself.
    if (pod?.metadata.uid === uid && occupiesNode(pod)) return
    this.#cluster.removePod(uid)
    if (pod) this.#cluster.nominate(pod, nominationOf(pod))
  }

  #remember({ term, number }: { term: number; number: number }, placement: Placement): void {
    const key = keyOf(term, number)
    const oldest = this.#keys[this.#oldest]
    if (oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(key, placement)
    this.#keys[this.#oldest] = key
    this.#oldest = (this.#oldest + 1) % rememberedMax
  }
}

const keyOf = (term: number, number: number): string => `${term}/${number}`
