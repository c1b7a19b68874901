import { resourceId } from '@reckon/kubernetes'
import { isOfSaved, type PastRange } from './past-folds.ts'
import type { PastItem } from './past-item.ts'

/** How many bytes are cached, over all lists together. */
const bytesMaxDefault = 64 * 1024 * 1024

/** About what an item takes besides its JSON. Each list counts as much, because the number of empty lists is unlimited. */
const overheadBytes = 256

/**
 * A cache of the lists folded last, because users who look around in the past return to the same moment. Secrets, which
 * may be destroyed, and Events, which are computed from what is still remembered, are not cached.
 */
export class FoldedLists {
  readonly bytesMax: number
  /** In order of use, least recently used first. */
  readonly #lists = new Map<string, readonly PastItem[]>()
  #bytes = 0

  constructor(bytesMax = bytesMaxDefault) {
    this.bytesMax = bytesMax
  }

  /** The cached list that covers a range, if there is one. */
  get(past: PastRange): readonly PastItem[] | undefined {
    for (const namespace of [undefined, past.range.namespace]) {
      const key = keyOf(past, namespace)
      const list = this.#lists.get(key)
      if (list === undefined) continue
      this.#lists.delete(key)
      this.#lists.set(key, list)
      return list
    }
    return undefined
  }

  /** Caches a whole list of a resource, of one namespace if given. */
  keep(past: PastRange, list: readonly PastItem[]): void {
    const bytes = bytesOf(list)
    if (bytes > this.bytesMax) return
    const key = keyOf(past, past.range.namespace)
    this.#forget(key)
    this.#lists.set(key, list)
    this.#bytes += bytes
    for (const oldest of this.#lists.keys()) {
      if (this.#bytes <= this.bytesMax) return
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    const list = this.#lists.get(key)
    if (list === undefined) return
    this.#bytes -= bytesOf(list)
    this.#lists.delete(key)
  }
}

/** The list to fold and cache for a range; undefined where labels are asked for or the kind is not cached. */
export function listAround({ resource, range, position }: PastRange): PastRange | undefined {
  const { namespace, labels = [] } = range
  if (labels.length > 0 || !isOfSaved(resource)) return undefined
  return { resource, range: { namespace }, position }
}

export const bytesOf = (list: readonly PastItem[]): number =>
  list.reduce((sum, { bytes }) => sum + bytes + overheadBytes, overheadBytes)

const keyOf = ({ resource, position }: PastRange, namespace: string | undefined): string =>
  [resourceId(resource), position, namespace ?? '*'].join(' ')
