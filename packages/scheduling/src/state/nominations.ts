import type { Pod } from '@reckon/kubernetes'
import type { PlacedPod } from './placed-pod.ts'

/** The state in which nominated pods are counted. */
type Counted = {
  /** Counts the pod on a node, as if it were placed. */
  put(pod: Pod, slot: number): PlacedPod
  take(placed: PlacedPod): void
  /** Whether the pod is placed, and so counts by itself. */
  isPlaced(uid: string): boolean
}

type Nominated = {
  readonly pod: Pod
  readonly slot: number
  /** Its entry in the counts, while it is counted. */
  counted: PlacedPod | undefined
}

/**
 * The pods for which a node is nominated. When another pod of the same or a lower priority is to be placed, they count
 * as if they were placed on that node, so that nobody takes the room that was made for them.
 */
export class Nominations {
  readonly #counted: Counted
  readonly #all = new Map<string, Nominated>()
  /** Nominated pods of this priority or a higher one count now, except the pod that is to be placed. */
  #priority = Number.POSITIVE_INFINITY
  #asked = ''

  constructor(counted: Counted) {
    this.#counted = counted
  }

  /** The slot of the node nominated for a pod. */
  slotOf(uid: string): number | undefined {
    return this.#all.size === 0 ? undefined : this.#all.get(uid)?.slot
  }

  /** The pods for which this node is nominated. */
  at(slot: number): Pod[] {
    if (this.#all.size === 0) return []
    return [...this.#all.values()].flatMap((each) => (each.slot === slot ? [each.pod] : []))
  }

  set(pod: Pod, slot: number): void {
    const { uid = '' } = pod.metadata
    this.delete(uid)
    this.#all.set(uid, { pod, slot, counted: undefined })
    this.recount(uid)
  }

  /** Returns the slot of the node that was nominated for it. */
  delete(uid: string): number | undefined {
    if (this.#all.size === 0) return undefined
    const nominated = this.#all.get(uid)
    if (nominated === undefined) return undefined
    this.#all.delete(uid)
    if (nominated.counted) this.#counted.take(nominated.counted)
    return nominated.slot
  }

  /** Counts those nominated pods for which such a pod must leave room. */
  heed(uid: string, priority: number): void {
    const [asked, isOtherwise] = [this.#asked, priority !== this.#priority]
    this.#asked = uid
    this.#priority = priority
    if (this.#all.size === 0) return
    for (const each of isOtherwise ? this.#all.keys() : [asked, uid]) this.recount(each)
  }

  /** To be called when the pod is placed, or no longer is. */
  recount(uid: string): void {
    if (this.#all.size === 0) return
    const nominated = this.#all.get(uid)
    if (nominated === undefined) return
    const { pod, slot, counted } = nominated
    const isHeeded = uid !== this.#asked && (pod.spec.priority ?? 0) >= this.#priority
    const isCounted = isHeeded && !this.#counted.isPlaced(uid)
    if (isCounted === (counted !== undefined)) return
    if (counted) this.#counted.take(counted)
    nominated.counted = isCounted ? this.#counted.put(pod, slot) : undefined
  }
}
