import { listKeyOf, type ObjectChange, type Range, type StoredObject } from '@reckon/domain'
import { type KubernetesObject, type Resource, resourceId } from '@reckon/kubernetes'
import type { ObjectsView } from '../history/shown-objects.ts'
import { textSizeOf } from './text-size.ts'
import type { WatchedChange } from './watched-change.ts'

const rememberedDefault = 2_048
const charactersDefault = 32 * 1024 * 1024

type Memory = {
  changes: WatchedChange[]
  /** How much text each of them brought, and all together. */
  sizes: number[]
  characters: number
  /** All changes after this position are remembered. */
  since: bigint
  listeners: Set<(change: WatchedChange) => void>
}

/** The last changes of each resource: what watches read, and what undoes the view to an earlier position. */
export class RecentChanges {
  readonly #objects: ObjectsView
  readonly #rememberedMin: number
  readonly #charactersMin: number
  readonly #byResource = new Map<string, Memory>()
  /** The position before the first change that was ever seen here. */
  #first: bigint | undefined

  /**
   * Of each resource at least `rememberedMin` changes are remembered, or as many as bring `charactersMin` of text if
   * that is less; at most twice as many.
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

  /** The changes after a position, oldest first; undefined if some of them are forgotten. */
  after(resource: Resource, position: bigint): readonly WatchedChange[] | undefined {
    const memory = this.#of(resource)
    if (position >= (this.#objects.position ?? 0n)) return []
    if (position < memory.since) return undefined
    return memory.changes.slice(firstAfter(memory.changes, position))
  }

  /** The objects of a range as they were at a position, in the order of lists; undefined if that is forgotten. */
  asOf(resource: Resource, position: bigint, range: Range): Iterable<StoredObject> | undefined {
    const changes = this.after(resource, position)
    if (changes === undefined) return undefined
    const objects = this.#objects.scan(resource, range)
    return changes.length === 0 ? objects : undone(objects, earlierStates(changes, range))
  }

  /** How many objects there were at a position, in one namespace if given; undefined if that is forgotten. */
  countAsOf(resource: Resource, position: bigint, namespace?: string): number | undefined {
    const changes = this.after(resource, position)
    return changes
      ?.filter(({ stored }) => isWithin({ namespace }, stored.object))
      .reduce(
        (count, { type }) => count - (type === 'ADDED' ? 1 : 0) + (type === 'DELETED' ? 1 : 0),
        this.#objects.count(resource, namespace),
      )
  }

  /** Calls back after each change of the resource; returns how to end it. */
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

/** By key, in order, what the objects that have changed were before all these changes; undefined: not there. */
function earlierStates(changes: readonly WatchedChange[], range: Range) {
  const earlier = new Map<string, StoredObject | undefined>()
  for (const { before, stored } of changes) {
    const key = listKeyOf(stored.object)
    if (isWithin(range, stored.object) && !earlier.has(key)) earlier.set(key, before)
  }
  return [...earlier].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** The objects, in order, with what they were earlier in their places. */
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

function firstAfter(changes: readonly WatchedChange[], position: bigint): number {
  let low = 0
  let high = changes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((changes[middle] as WatchedChange).position > position) high = middle
    else low = middle + 1
  }
  return low
}
