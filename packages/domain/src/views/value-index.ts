import type { KubernetesObject, Resource } from '@reckon/kubernetes'
import type { StoredObject } from '../stored-object.ts'

/**
 * An entry of the view: the present state of one object. `key` orders the objects of a resource; a later entry has a
 * higher number.
 */
export type Entry = {
  readonly resource: Resource
  readonly stream: string
  readonly key: string
  readonly number: number
  stored: StoredObject
}

/** What is indexed. */
export type IndexedValues = {
  /** The part of an object that the values are computed from: while it is the same object, so are the values. */
  part(object: KubernetesObject): unknown
  values(object: KubernetesObject): readonly string[]
}

const none: ReadonlySet<Entry> = new Set()

/** An index from values to objects. An object whose part has not changed costs only a comparison. */
export class ValueIndex {
  readonly #indexed: IndexedValues
  readonly #entries = new Map<string, Set<Entry>>()

  constructor(indexed: IndexedValues) {
    this.#indexed = indexed
  }

  /** The objects with this value, in no order. */
  of(value: string): ReadonlySet<Entry> {
    return this.#entries.get(value) ?? none
  }

  add(entry: Entry): void {
    for (const value of this.#indexed.values(entry.stored.object)) this.#put(value, entry)
  }

  remove(entry: Entry): void {
    for (const value of this.#indexed.values(entry.stored.object)) this.#take(value, entry)
  }

  /** Call when the entry has its object's next state. */
  change(entry: Entry, before: KubernetesObject): void {
    const after = entry.stored.object
    if (this.#indexed.part(before) === this.#indexed.part(after)) return
    for (const value of this.#indexed.values(before)) this.#take(value, entry)
    for (const value of this.#indexed.values(after)) this.#put(value, entry)
  }

  #put(value: string, entry: Entry): void {
    const entries = this.#entries.get(value)
    if (entries) entries.add(entry)
    else this.#entries.set(value, new Set([entry]))
  }

  #take(value: string, entry: Entry): void {
    const entries = this.#entries.get(value)
    entries?.delete(entry)
    if (entries?.size === 0) this.#entries.delete(value)
  }
}
