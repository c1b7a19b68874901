import { createdIn, eventTypes, refOf } from '@reckon/domain'
import type { Projection, RecordedEvent } from '@reckon/eventing'
import { fieldsOf, listAt, numberIn } from '@reckon/eventing/bus'
import { controllerOf } from '@reckon/kubernetes'

/** One record of a snapshot: the position first, then each owner with its count. */
type Saved =
  | { position: string | null }
  | { owner: readonly [stream: string, uid: string, count: number] }

/** By resource, how its objects begin and end. */
const owning = new Map([['replicasets.apps', eventTypes('ReplicaSet')]])

/**
 * How many pods were ever created for each owner that there is, by its uid. The count is the next pod's slot, so that
 * two replicators that overlap give it the same name and one of them is refused. Nothing is kept of owners that are gone.
 */
export class PodsEverCreated implements Projection {
  #position: bigint | undefined
  readonly #counts = new Map<string, number>()
  readonly #owners = new Map<string, string>()

  get position(): bigint | undefined {
    return this.#position
  }

  of(ownerUid: string): number {
    return this.#counts.get(ownerUid) ?? 0
  }

  apply(event: RecordedEvent): void {
    this.#position = event.position
    if (event.type === 'PodCreated') {
      const uid = controllerOf(createdIn(event).object)?.uid
      const count = this.#counts.get(uid ?? '')
      if (uid !== undefined && count !== undefined) this.#counts.set(uid, count + 1)
      return
    }
    const resourceId = refOf(event.stream)?.resourceId ?? ''
    const types = owning.get(resourceId)
    if (event.type === types?.created) {
      const { object } = createdIn(event)
      const { uid = '' } = object.metadata
      this.#owners.set(event.stream, uid)
      this.#counts.set(uid, 0)
    } else if (event.type === types?.deleted) {
      this.#counts.delete(this.#owners.get(event.stream) ?? '')
      this.#owners.delete(event.stream)
    }
  }

  snapshot(): readonly Saved[] {
    const owners = Array.from(this.#owners, ([stream, uid]): Saved => {
      return { owner: [stream, uid, this.of(uid)] }
    })
    return [{ position: this.#position === undefined ? null : String(this.#position) }, ...owners]
  }

  restore(record: unknown): void {
    const fields = fieldsOf(record)
    if ('position' in fields) {
      this.#position = fields.position === null ? undefined : numberIn(fields.position)
      return
    }
    const [stream, uid, count] = listAt(fields, 'owner')
    this.#owners.set(String(stream), String(uid))
    this.#counts.set(String(uid), Number(count))
  }
}
