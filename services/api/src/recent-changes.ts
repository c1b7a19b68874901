import type { ObjectChange, Objects, StoredObject } from '@reckon/domain'
import { type Resource, resourceId } from '@reckon/kubernetes'

const rememberedDefault = 2_048

type Memory = {
  changes: ObjectChange[]
  /** All changes after this position are remembered. */
  since: bigint
  listeners: Set<() => void>
}

/** The last changes of each resource: what watches read, and what undoes the view to an earlier position. */
export class RecentChanges {
  readonly #objects: Objects
  readonly #rememberedMin: number
  readonly #byResource = new Map<string, Memory>()
  /** The position before the first change that was ever seen here. */
  #first: bigint | undefined

  /** Of each resource at least `rememberedMin` changes are remembered, at most twice as many. */
  constructor(objects: Objects, rememberedMin = rememberedDefault) {
    this.#objects = objects
    this.#rememberedMin = rememberedMin
    objects.subscribe((change) => this.#remember(change))
  }

  /** The changes after a position, oldest first; undefined if some of them are forgotten. */
  after(resource: Resource, position: bigint): readonly ObjectChange[] | undefined {
    const memory = this.#of(resource)
    if (position >= (this.#objects.position ?? 0n)) return []
    if (position < memory.since) return undefined
    return memory.changes.slice(firstAfter(memory.changes, position))
  }

  /** The objects as they were at a position, in the order of lists; undefined if that is forgotten. */
  asOf(resource: Resource, position: bigint, namespace?: string): StoredObject[] | undefined {
    const changes = this.after(resource, position)
    if (changes === undefined) return undefined
    const objects = this.#objects.list(resource, namespace)
    if (changes.length === 0) return objects
    const byKey = new Map(objects.map((stored) => [keyOf(stored), stored]))
    for (const { before, stored } of changes.toReversed()) {
      if (before === undefined) byKey.delete(keyOf(stored))
      else byKey.set(keyOf(before), before)
    }
    const then = [...byKey.values()].filter(
      ({ object }) => namespace === undefined || object.metadata.namespace === namespace,
    )
    return then.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  }

  /** Calls back after each change of the resource; returns how to end it. */
  onChange(resource: Resource, listener: () => void): () => void {
    const { listeners } = this.#of(resource)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  #remember(change: ObjectChange): void {
    this.#first ??= change.event.position - 1n
    const memory = this.#of(change.resource)
    memory.changes.push(change)
    if (memory.changes.length >= 2 * this.#rememberedMin) {
      const forgotten = memory.changes.splice(0, this.#rememberedMin)
      memory.since = forgotten.at(-1)?.event.position ?? memory.since
    }
    for (const listener of [...memory.listeners]) listener()
  }

  #of(resource: Resource): Memory {
    const id = resourceId(resource)
    let memory = this.#byResource.get(id)
    if (memory === undefined) {
      const since = this.#first ?? this.#objects.position ?? 0n
      memory = { changes: [], since, listeners: new Set() }
      this.#byResource.set(id, memory)
    }
    return memory
  }
}

/** What lists are ordered by: a space sorts before every character of a name. */
export const keyOf = ({ object }: StoredObject): string =>
  `${object.metadata.namespace ?? ''} ${object.metadata.name}`

function firstAfter(changes: readonly ObjectChange[], position: bigint): number {
  let low = 0
  let high = changes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((changes[middle] as ObjectChange).event.position > position) high = middle
    else low = middle + 1
  }
  return low
}
