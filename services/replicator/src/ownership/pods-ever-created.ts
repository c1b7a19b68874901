import { createdIn, eventTypes, refOf } from '@reckon/domain'
import type { Projection, RecordedEvent } from '@reckon/eventing'
import { fieldsOf, listAt, numberIn } from '@reckon/eventing/bus'
import { controllerOf } from '@reckon/kubernetes'
import { PodEndings, type PodEnds, type SavedEndings } from './pod-endings.ts'

/** One record of a snapshot: the position first, then each owner with its count, and how pods ended. */
type Saved =
  | { position: string | null }
  | { owner: readonly [stream: string, uid: string, count: number] }
  | SavedEndings

/** By resource, how its objects begin and end, and whether it matters to them how their pods do. */
const owning = new Map([
  ['replicasets.apps', { ...eventTypes('ReplicaSet'), isByEnds: false }],
  ['jobs.batch', { ...eventTypes('Job'), isByEnds: true }],
])

/**
 * How many pods were ever created for each owner that there is, by its uid. The count is the next pod's slot, so that
 * two replicators that overlap give it the same name and one of them is refused. Nothing is kept of owners that are gone.
 */
export class PodsEverCreated implements Projection {
  #position: bigint | undefined
  readonly #counts = new Map<string, number>()
  readonly #owners = new Map<string, string>()
  readonly #endings = new PodEndings()

  get position(): bigint | undefined {
    return this.#position
  }

  of(ownerUid: string): number {
    return this.#counts.get(ownerUid) ?? 0
  }

  /** How the pods ended of an owner that goes by that. */
  endsOf(ownerUid: string): PodEnds {
    return this.#endings.of(ownerUid)
  }

  apply(event: RecordedEvent): void {
    this.#position = event.position
    if (event.type === 'PodCreated') {
      const pod = createdIn(event).object
      const uid = controllerOf(pod)?.uid
      const count = this.#counts.get(uid ?? '')
      if (uid === undefined || count === undefined) return
      this.#counts.set(uid, count + 1)
      this.#endings.begin(event.stream, uid, pod)
      return
    }
    this.#endings.apply(event)
    const resourceId = refOf(event.stream)?.resourceId ?? ''
    const kind = owning.get(resourceId)
    if (event.type === kind?.created) {
      const { uid = '' } = createdIn(event).object.metadata
      this.#owners.set(event.stream, uid)
      this.#counts.set(uid, 0)
      if (kind.isByEnds) this.#endings.addOwner(uid)
    } else if (event.type === kind?.deleted) {
      const uid = this.#owners.get(event.stream) ?? ''
      this.#counts.delete(uid)
      this.#owners.delete(event.stream)
      this.#endings.removeOwner(uid)
    }
  }

  snapshot(): readonly Saved[] {
    const owners = Array.from(this.#owners, ([stream, uid]): Saved => {
      return { owner: [stream, uid, this.of(uid)] }
    })
    const position = this.#position === undefined ? null : String(this.#position)
    return [{ position }, ...owners, ...this.#endings.snapshot()]
  }

  restore(record: unknown): void {
    const fields = fieldsOf(record)
    if ('position' in fields) {
      this.#position = fields.position === null ? undefined : numberIn(fields.position)
    } else if ('owner' in fields) {
      const [stream, uid, count] = listAt(fields, 'owner')
      this.#owners.set(String(stream), String(uid))
      this.#counts.set(String(uid), Number(count))
    } else this.#endings.restore(fields)
  }
}
