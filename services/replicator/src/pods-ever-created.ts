import { eventTypes, type ObjectCreated, refOf } from '@reckon/domain'
import type { Projection, RecordedEvent } from '@reckon/eventing'
import { controllerOf } from '@reckon/kubernetes'

type Saved = {
  position: string | null
  counts: [string, number][]
  owners: [string, string][]
}

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
      const uid = controllerOf((event.data as ObjectCreated).object)?.uid
      const count = this.#counts.get(uid ?? '')
      if (uid !== undefined && count !== undefined) this.#counts.set(uid, count + 1)
      return
    }
    const resourceId = refOf(event.stream)?.resourceId ?? ''
    const types = owning.get(resourceId)
    if (event.type === types?.created) {
      const { object } = event.data as ObjectCreated
      const { uid = '' } = object.metadata
      this.#owners.set(event.stream, uid)
      this.#counts.set(uid, 0)
    } else if (event.type === types?.deleted) {
      this.#counts.delete(this.#owners.get(event.stream) ?? '')
      this.#owners.delete(event.stream)
    }
  }

  snapshot(): Saved {
    return {
      position: this.#position === undefined ? null : String(this.#position),
      counts: [...this.#counts],
      owners: [...this.#owners],
    }
  }

  restore(snapshot: unknown): void {
    const { position, counts, owners } = snapshot as Saved
    this.#position = position === null ? undefined : BigInt(position)
    this.#counts.clear()
    this.#owners.clear()
    const known = new Map(counts)
    for (const [stream, uid] of owners) {
      this.#owners.set(stream, uid)
      this.#counts.set(uid, known.get(uid) ?? 0)
    }
  }
}
