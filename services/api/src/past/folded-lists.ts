import { listKeyOf, rulesOf, type StoredObject } from '@reckon/domain'
import { type KubernetesObject, matchesLabels, resourceId } from '@reckon/kubernetes'
import { isEvents } from '../history/shown-objects.ts'
import type { PastRange } from './past-folds.ts'

/**
 * So many objects are kept of all lists together, some kilobytes each; a list counts as one, too: there is no end of
 * empty ones.
 */
const objectsMaxDefault = 20_000

/**
 * The lists of moments that were folded last: who looks around in the past comes again. What may be destroyed is not
 * kept, and Events are computed by what is still remembered.
 */
export class FoldedLists {
  readonly #objectsMax: number
  /** What was asked for longest ago comes first. */
  readonly #lists = new Map<string, readonly StoredObject[]>()
  #size = 0

  constructor(objectsMax = objectsMaxDefault) {
    this.#objectsMax = objectsMax
  }

  /** The objects of a range; undefined where the list around it is not kept. */
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

  /** Whether a list would be kept, of so many objects. */
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
