import { isJsonObject, type KubernetesObject, type Resource, resourceId } from '@reckon/kubernetes'
import type { StoredObject } from '../stored-object.ts'
import { Collection, listKeyOf } from './collection.ts'
import { definitionsId } from './custom-resources.ts'
import { PointInTime } from './point-in-time.ts'
import { type Entry, ValueIndex } from './value-index.ts'

/** Objects by stream, each in the collection of its resource, with indexes across resources. */
export class IndexedObjects {
  readonly #entries = new Map<string, Entry>()
  readonly #collections = new Map<string, Collection>()
  readonly #byResource = new WeakMap<Resource, Collection>()
  readonly #byOwner = new ValueIndex({
    part: ({ metadata }) => metadata.ownerReferences,
    values: ({ metadata }) => [
      ...new Set((metadata.ownerReferences ?? []).map((owner) => owner.uid)),
    ],
  })
  readonly #byNode = new ValueIndex({ part: ({ spec }) => spec, values: nodeNamesOf })
  #lastNumber = 0
  #pointInTime: PointInTime | undefined

  get(stream: string): StoredObject | undefined {
    return this.#entries.get(stream)?.stored
  }

  /** The entry of a stream's object. */
  entry(stream: string): Entry | undefined {
    return this.#entries.get(stream)
  }

  put(resource: Resource, stream: string, stored: StoredObject): void {
    const entry = this.#entries.get(stream)
    if (entry !== undefined) {
      this.change(entry, stored)
      return
    }
    const [key, number] = [listKeyOf(stored.object), ++this.#lastNumber]
    const added = { resource, stream, key, number, stored }
    this.#entries.set(stream, added)
    this.of(resource).add(added)
    this.#byOwner.add(added)
    this.#byNode.add(added)
  }

  change(entry: Entry, stored: StoredObject): void {
    const before = entry.stored.object
    this.#pointInTime?.changes(entry)
    entry.stored = stored
    this.of(entry.resource).change(entry, before)
    this.#byOwner.change(entry, before)
    this.#byNode.change(entry, before)
  }

  remove(stream: string): void {
    const entry = this.#entries.get(stream)
    if (entry === undefined) return
    this.#pointInTime?.changes(entry)
    this.#entries.delete(stream)
    this.of(entry.resource).remove(entry)
    this.#byOwner.remove(entry)
    this.#byNode.remove(entry)
  }

  /** The objects of a resource. */
  of(resource: Resource): Collection {
    const known = this.#byResource.get(resource)
    if (known !== undefined) return known
    // A resource that is defined again keeps its objects.
    const id = resourceId(resource)
    const collection = this.#collections.get(id) ?? new Collection(resource)
    this.#collections.set(id, collection)
    this.#byResource.set(resource, collection)
    return collection
  }

  /** Every object with this uid among its owners. */
  ownedBy(uid: string): StoredObject[] {
    return Array.from(this.#byOwner.of(uid), ({ stored }) => stored)
  }

  /** The pods that are bound to a node. */
  onNode(name: string): StoredObject[] {
    return Array.from(this.#byNode.of(name), ({ stored }) => stored)
  }

  /**
   * Every object as of this call, with its stream: those of a resource together, and of a namespace. It may be iterated
   * while objects change. Only one such iteration is possible at a time: the next call ends the previous one.
   */
  asOfNow(): Iterable<readonly [stream: string, stored: StoredObject]> {
    this.#pointInTime?.end()
    const entries = Array.from(this.#collections, ([id, each]) => [id, each.asOfNow()] as const)
    this.#pointInTime = new PointInTime(entries.sort(definitionsFirst), this.#lastNumber)
    return this.#pointInTime.objects()
  }
}

/** The kinds that others are defined by, then by their ids. */
function definitionsFirst(
  [a]: readonly [string, unknown],
  [b]: readonly [string, unknown],
): number {
  if (a === definitionsId || b === definitionsId) return a === definitionsId ? -1 : 1
  return a < b ? -1 : 1
}

function nodeNamesOf({ kind, spec }: KubernetesObject): readonly string[] {
  if (kind !== 'Pod') return []
  const nodeName = isJsonObject(spec) ? spec.nodeName : undefined
  return nodeName ? [String(nodeName)] : []
}
