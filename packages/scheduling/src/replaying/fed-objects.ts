import { objectFold, type StoredObject, streamsOf } from '@reckon/domain'
import { isOf, type Pod, pods } from '@reckon/kubernetes'
import type { ClusterState } from '../state/cluster-state.ts'
import { fedResources, feed } from '../state/feed.ts'
import type { RecordedEvent } from './recorded-decision.ts'

/**
 * The objects that placements depend on, folded from their events, each change told to a cluster's state. They are found
 * by their streams alone: the order and the indexes of a view would cost as much as the folding.
 */
export class FedObjects {
  readonly #cluster: ClusterState
  readonly #stored = new Map<string, StoredObject>()
  /** By what the streams of a kind begin with. */
  readonly #kinds = new Map(
    fedResources.map((resource) => {
      const fold = objectFold(resource, (event) => event)
      return [streamsOf(resource), { resource, fold }] as const
    }),
  )

  constructor(cluster: ClusterState) {
    this.#cluster = cluster
  }

  /** The pod of a stream, while it is there. */
  podIn(stream: string): Pod | undefined {
    const object = this.#stored.get(stream)?.object
    return object && isOf(pods, object) ? object : undefined
  }

  apply(event: RecordedEvent): void {
    const { stream, type } = event
    const kind = this.#kinds.get(stream.slice(0, stream.indexOf('-') + 1))
    // What the store itself wrote is no change of an object.
    if (kind === undefined || type.startsWith('$')) return
    const { resource, fold } = kind
    const before = this.#stored.get(stream)
    const after = fold.evolve(before, event)
    if (after) {
      this.#stored.set(stream, after)
      feed(this.#cluster, { type: before ? 'MODIFIED' : 'ADDED', resource, stored: after })
    } else if (before) {
      this.#stored.delete(stream)
      feed(this.#cluster, { type: 'DELETED', resource, stored: before })
    }
  }
}
