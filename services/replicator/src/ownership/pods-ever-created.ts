import { createdIn, eventTypes, refOf } from '@reckon/domain'
import type { Projection, RecordedEvent } from '@reckon/eventing'
import { fieldsOf, listAt, numberIn } from '@reckon/eventing/bus'
import { controllerOf, isOf, type Pod, pods } from '@reckon/kubernetes'
import { placeOf } from './place.ts'
import { PodEndings, type PodEnds, type SavedEndings } from './pod-endings.ts'
import { slotOf } from './slot-name.ts'
import { UsedSlots } from './used-slots.ts'

/** The slots of one place of an owner. */
type SavedPlace = readonly [place: string, floor: number, above: readonly number[]]

/** One record of a snapshot: first the position, then each owner with the slots of its places, and how pods ended. */
type Saved =
  | { position: string | null }
  | { owner: readonly [stream: string, uid: string, places: readonly SavedPlace[]] }
  | SavedEndings

/** For each resource that owns pods: its creation and deletion events, and whether it depends on how its pods end. */
const owning = new Map([
  ['replicasets.apps', { ...eventTypes('ReplicaSet'), isByEnds: false }],
  ['daemonsets.apps', { ...eventTypes('DaemonSet'), isByEnds: false }],
  ['replicationcontrollers', { ...eventTypes('ReplicationController'), isByEnds: false }],
  ['jobs.batch', { ...eventTypes('Job'), isByEnds: true }],
])

/**
 * Which slots of each place the pods of every existing owner ever had, by the owner's uid. New pods take the lowest
 * free ones, so two overlapping replicators choose the same names and one of them is refused. Owners that are gone are
 * forgotten.
 */
export class PodsEverCreated implements Projection {
  readonly form = 'slots'
  #position: bigint | undefined
  readonly #slots = new Map<string, Map<string, UsedSlots>>()
  readonly #owners = new Map<string, string>()
  readonly #endings = new PodEndings()

  get position(): bigint | undefined {
    return this.#position
  }

  /** The slots of a place that no pod of the owner ever had, lowest first. */
  freeSlots(ownerUid: string, place: string): Generator<number, never> {
    return (this.#slots.get(ownerUid)?.get(place) ?? new UsedSlots()).free()
  }

  /** Whether a pod of this name was ever created for its owner and place. */
  wasCreated(pod: Pod): boolean {
    const places = this.#slots.get(controllerOf(pod)?.uid ?? '')
    return places?.get(placeOf(pod))?.has(slotOf(pod) ?? -1) ?? false
  }

  /** How the pods of an owner ended, if that matters to it. */
  endsOf(ownerUid: string): PodEnds {
    return this.#endings.of(ownerUid)
  }

  apply(event: RecordedEvent): void {
    this.#position = event.position
    if (event.type === 'PodCreated') {
      const pod = createdIn(event).object
      if (!isOf(pods, pod)) return
      const uid = controllerOf(pod)?.uid
      const places = this.#slots.get(uid ?? '')
      if (uid === undefined || places === undefined) return
      const slot = slotOf(pod)
      if (slot !== undefined) slotsIn(places, placeOf(pod)).add(slot)
      this.#endings.begin(event.stream, uid, pod)
      return
    }
    this.#endings.apply(event)
    const resourceId = refOf(event.stream)?.resourceId ?? ''
    const kind = owning.get(resourceId)
    if (event.type === kind?.created) {
      const { object } = createdIn(event)
      const { uid = '' } = object.metadata
      this.#owners.set(event.stream, uid)
      this.#slots.set(uid, new Map())
      if (kind.isByEnds) this.#endings.addOwner(object)
    } else if (event.type === kind?.deleted) {
      const uid = this.#owners.get(event.stream) ?? ''
      this.#slots.delete(uid)
      this.#owners.delete(event.stream)
      this.#endings.removeOwner(uid)
    }
  }

  snapshot(): readonly Saved[] {
    const owners = Array.from(this.#owners, ([stream, uid]): Saved => {
      const places = this.#slots.get(uid) ?? new Map<string, UsedSlots>()
      const saved = Array.from(places, ([place, slots]): SavedPlace => [place, ...slots.snapshot()])
      return { owner: [stream, uid, saved] }
    })
    const position = this.#position === undefined ? null : String(this.#position)
    return [{ position }, ...owners, ...this.#endings.snapshot()]
  }

  restore(record: unknown): void {
    const fields = fieldsOf(record)
    if ('position' in fields) {
      this.#position = fields.position === null ? undefined : numberIn(fields.position)
    } else if ('owner' in fields) {
      const [stream, uid, places] = listAt(fields, 'owner')
      this.#owners.set(String(stream), String(uid))
      this.#slots.set(String(uid), new Map(Array.isArray(places) ? places.map(restored) : []))
    } else this.#endings.restore(fields)
  }
}

function slotsIn(places: Map<string, UsedSlots>, place: string): UsedSlots {
  const slots = places.get(place) ?? new UsedSlots()
  places.set(place, slots)
  return slots
}

function restored([place, floor, above]: readonly unknown[]): [string, UsedSlots] {
  const used = Array.isArray(above) ? above.map(Number) : []
  return [String(place), new UsedSlots(Number(floor), used)]
}
