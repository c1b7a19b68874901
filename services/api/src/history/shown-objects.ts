import {
  type ComputedEvents,
  listKeyOf,
  type ObjectChange,
  type Objects,
  type Range,
  type StoredObject,
} from '@reckon/domain'
import {
  events,
  holds,
  type KubernetesObject,
  matchesLabels,
  type Resource,
} from '@reckon/kubernetes'

/** Read access to objects, present and changing. */
export type ObjectsView = Pick<Objects, 'position' | 'get' | 'scan' | 'count' | 'subscribe'>

/** The objects of the view, with the Events computed from the log added to the stored ones. */
export class ShownObjects implements ObjectsView {
  readonly #objects: Objects
  readonly #computed: ComputedEvents

  constructor(objects: Objects, computed: ComputedEvents) {
    this.#objects = objects
    this.#computed = computed
  }

  get position(): bigint | undefined {
    return this.#objects.position
  }

  get<T extends KubernetesObject>(
    resource: Resource<T>,
    namespace: string,
    name: string,
  ): StoredObject<T> | undefined {
    const stored = this.#objects.get(resource, namespace, name)
    if (stored !== undefined || !isEvents(resource)) return stored
    for (const each of this.#computedIn(resource, { namespace })) {
      if (each.object.metadata.name === name) return each
    }
    return undefined
  }

  *scan<T extends KubernetesObject>(
    resource: Resource<T>,
    range: Range = {},
  ): Iterable<StoredObject<T>> {
    if (!isEvents(resource)) return yield* this.#objects.scan(resource, range)
    yield* [...this.#objects.scan(resource, range), ...this.#computedIn(resource, range)].sort(
      inOrder,
    )
  }

  count(resource: Resource, namespace?: string): number {
    const count = this.#objects.count(resource, namespace)
    if (!isEvents(resource)) return count
    return count + [...this.#computedIn(resource, { namespace })].length
  }

  subscribe(listener: (change: ObjectChange) => void): () => void {
    const ends = [this.#objects.subscribe(listener), this.#computed.subscribe(listener)]
    return () => {
      for (const end of ends) end()
    }
  }

  *#computedIn<T extends KubernetesObject>(
    resource: Resource<T>,
    { namespace, after, labels = [] }: Range,
  ): Iterable<StoredObject<T>> {
    for (const stored of this.#computed.all()) {
      const { object } = stored
      if (namespace !== undefined && object.metadata.namespace !== namespace) continue
      if (after !== undefined && listKeyOf(object) <= after) continue
      if (matchesLabels(labels, object.metadata.labels) && holds(resource, stored)) yield stored
    }
  }
}

/** Whether these are Events, most of which are computed from the log. */
export const isEvents = (resource: Resource): boolean =>
  resource.kind === events.kind && resource.group === ''

const inOrder = (a: StoredObject, b: StoredObject): number =>
  listKeyOf(a.object) < listKeyOf(b.object) ? -1 : 1
