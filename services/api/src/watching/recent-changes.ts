import { listKeyOf, type ObjectChange, type Range, type StoredObject } from '@reckon/domain'
import { firstAfter } from '@reckon/eventing'
import { type KubernetesObject, matchesLabels, type Resource, resourceId } from '@reckon/kubernetes'
import type { ObjectsView } from '../history/shown-objects.ts'
import { textSizeOf } from './text-size.ts'
import type { WatchedChange } from './watched-change.ts'

const rememberedDefault = 2_048
const charactersDefault = 32 * 1024 * 1024

type Memory = {
  changes: WatchedChange[]
  /** The size of each change's text, and of all together. */
  sizes: number[]
  characters: number
  /** All changes after this position are in memory. */
  since: bigint
  listeners: Set<(change: WatchedChange) => void>
}

/** The last changes of each resource, for watches, and to roll the view back to a recent position. */
export class RecentChanges {
  readonly #objects: ObjectsView
  readonly #rememberedMin: number
  readonly #charactersMin: number
  readonly #byResource = new Map<string, Memory>()
  /** The position before the first change that was seen here. */
  #first: bigint | undefined

  /**
   * Keeps for each resource at least `rememberedMin` changes, or as many as have `charactersMin` of text if that is
   * fewer; at most twice as many.
   */
  constructor(
    objects: ObjectsView,
    rememberedMin = rememberedDefault,
    charactersMin = charactersDefault,
  ) {
    this.#objects = objects
    this.#rememberedMin = rememberedMin
    this.#charactersMin = charactersMin
    objects.subscribe((change) => this.#remember(change))
  }

  /** The changes after a position, oldest first; undefined if some of them are no longer in memory. */
  after(resource: Resource, position: bigint): readonly WatchedChange[] | undefined {
    const memory = this.#of(resource)
    if (position >= (this.#objects.position ?? 0n)) return []
    if (position < memory.since) return undefined
    return memory.changes.slice(firstAfter(memory.changes, position))
  }

  /** The objects of a range as of a position, in list order; undefined if that is no longer in memory. */
  asOf(resource: Resource, position: bigint, range: Range): Iterable<StoredObject> | undefined {
    const changes = this.after(resource, position)
    if (changes === undefined) return undefined
    const objects = this.#objects.scan(resource, range)
    return changes.length === 0 ? objects : undone(objects, earlierStates(changes, range))
  }

  /** The number of objects as of a position, in one namespace if given; undefined if that is no longer in memory. */
  countAsOf(resource: Resource, position: bigint, namespace?: string): number | undefined {
    const changes = this.after(resource, position)
    return changes
      ?.filter(({ stored }) => isWithin({ namespace }, stored.object))
      .reduce(
        (count, { type }) => count - (type === 'ADDED' ? 1 : 0) + (type === 'DELETED' ? 1 : 0),
        this.#objects.count(resource, namespace),
      )
  }

  /** Calls the listener after each change of the resource; returns a function to unsubscribe. */
  onChange(resource: Resource, listener: (change: WatchedChange) => void): () => void {
    const { listeners } = this.#of(resource)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  #remember({ event, ...about }: ObjectChange): void {
    const change = { ...about, position: event.position }
    this.#first ??= change.position - 1n
    const memory = this.#of(change.resource)
    const size = textSizeOf(event)
    memory.changes.push(change)
    memory.sizes.push(size)
    memory.characters += size
    const isMany = memory.changes.length >= 2 * this.#rememberedMin
    if (isMany || memory.characters >= 2 * this.#charactersMin) this.#forget(memory)
    for (const listener of memory.listeners) listener(change)
  }

  #forget(memory: Memory): void {
    const { changes, sizes } = memory
    let count = 0
    while (
      changes.length - count > this.#rememberedMin ||
      memory.characters > this.#charactersMin
    ) {
      memory.characters -= sizes[count] ?? 0
      count += 1
    }
    sizes.splice(0, count)
    memory.since = changes.splice(0, count).at(-1)?.position ?? memory.since
  }

  #of(resource: Resource): Memory {
    const id = resourceId(resource)
    let memory = this.#byResource.get(id)
    if (memory === undefined) {
      const since = this.#first ?? this.#objects.position ?? 0n
      memory = { changes: [], sizes: [], characters: 0, since, listeners: new Set() }
      this.#byResource.set(id, memory)
    }
    return memory
  }
}

const isWithin = ({ namespace, after = '' }: Range, object: KubernetesObject): boolean =>
  (namespace === undefined || object.metadata.namespace === namespace) && listKeyOf(object) > after

/** The state of each changed object before these changes, sorted by key; undefined where the range had none. */
function earlierStates(changes: readonly WatchedChange[], range: Range) {
  const { labels = [] } = range
  const earlier = new Map<string, StoredObject | undefined>()
  for (const { before, stored } of changes) {
    const key = listKeyOf(stored.object)
    if (!isWithin(range, stored.object) || earlier.has(key)) continue
    const had = before && matchesLabels(labels, before.object.metadata.labels)
    earlier.set(key, had ? before : undefined)
  }
  return [...earlier].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Merges the present objects with the earlier states, in order. */
function* undone(
  objects: Iterable<StoredObject>,
  earlier: readonly (readonly [key: string, stored: StoredObject | undefined])[],
): Generator<StoredObject> {
  let at = 0
  for (const stored of objects) {
    const key = listKeyOf(stored.object)
    for (; at < earlier.length && (earlier[at]?.[0] ?? '') < key; at++) {
      const gone = earlier[at]?.[1]
      if (gone) yield gone
    }
    if (earlier[at]?.[0] !== key) yield stored
  }
  for (; at < earlier.length; at++) {
    const gone = earlier[at]?.[1]
    if (gone) yield gone
  }
}
