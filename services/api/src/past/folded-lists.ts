import { listKeyOf, rulesOf, type StoredObject } from '@reckon/domain'
import { type KubernetesObject, matchesLabels, resourceId } from '@reckon/kubernetes'
import { isEvents } from '../history/shown-objects.ts'
import type { PastRange } from './past-folds.ts'

/**
 * How many objects are cached, over all lists together (some kilobytes each). Each list counts as one more, because the
 * number of empty lists is unlimited.
 */
const objectsMaxDefault = 20_000

/**
 * A cache of the lists folded last, because users who look around in the past return to the same moment. Secrets, which
 * may be destroyed, and Events, which are computed from what is still remembered, are not cached.
 */
export class FoldedLists {
  readonly #objectsMax: number
  /** In order of use, least recently used first. */
  readonly #lists = new Map<string, readonly StoredObject[]>()
  #size = 0

  constructor(objectsMax = objectsMaxDefault) {
    this.#objectsMax = objectsMax
  }

  /** The objects of a range; undefined unless a list that covers it is cached. */
  get(past: PastRange): Iterable<StoredObject> | undefined {
    for (const namespace of [undefined, past.range.namespace]) {
      const key = keyOf(past, namespace)
      const list = this.#lists.get(key)
      if (list === undefined) continue
      this.#lists.delete(key)
      this.#lists.set(key, list)
      return list.values().filter(({ object }) => isWithin(past, object))
    }
    return undefined
  }

  /** Whether a list of this many objects may be cached. */
  takes({ resource, range: { after, labels = [] } }: PastRange, count: number): boolean {
    const isWhole = after === undefined && labels.length === 0
    const isLasting = !isEvents(resource) && !rulesOf(resource).isSealed
    return isWhole && isLasting && sizeOf(count) <= this.#objectsMax
  }

  keep(past: PastRange, list: readonly StoredObject[]): void {
    if (!this.takes(past, list.length)) return
    const key = keyOf(past, past.range.namespace)
    this.#forget(key)
    this.#lists.set(key, list)
    this.#size += sizeOf(list.length)
    for (const oldest of this.#lists.keys()) {
      if (this.#size <= this.#objectsMax) return
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    const list = this.#lists.get(key)
    if (list === undefined) return
    this.#size -= sizeOf(list.length)
    this.#lists.delete(key)
  }
}

const sizeOf = (count: number): number => count + 1

const keyOf = ({ resource, position }: PastRange, namespace: string | undefined): string =>
  [resourceId(resource), position, namespace ?? '*'].join(' ')

const isWithin = ({ range }: PastRange, object: KubernetesObject): boolean =>
  (range.namespace === undefined || object.metadata.namespace === range.namespace) &&
  (range.after === undefined || listKeyOf(object) > range.after) &&
  matchesLabels(range.labels ?? [], object.metadata.labels)
