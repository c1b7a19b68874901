import {
  controllerOf,
  type KubernetesObject,
  matchesLabels,
  ownValue,
  type Requirement,
  type Resource,
  type Selector,
} from '@reckon/kubernetes'
import sortedTree from 'sorted-btree'
import type { StoredObject } from '../stored-object.ts'
import { type Entry, ValueIndex } from './value-index.ts'

const { default: SortedTree } = sortedTree

/** Which part of a list. */
export type Range = {
  namespace?: string | undefined
  /** The key of the last object before it. */
  after?: string | undefined
  /** The requirements on labels. */
  labels?: Selector | undefined
}

/** What the indexes of a resource are built from. */
type Indexed = Pick<Resource, 'podSelector' | 'subjects' | 'hosts'>

/** The number of label indexes, one per label key that is queried; the least recently used one is dropped. */
const labelIndexesMax = 64
/** With fewer objects another index is not worth it. */
const fewEnough = 100

/** The sort key of lists: a space sorts before every character of a name. */
export const listKeyOf = ({ metadata }: KubernetesObject): string =>
  `${metadata.namespace ?? ''} ${metadata.name}`

/**
 * The objects of one resource, ordered by namespace and name, with indexes of their labels and, where the resource has
 * them, of pod selectors, subjects and hosts. Queries cost in proportion to their results.
 */
export class Collection {
  readonly #ordered = new SortedTree<string, Entry>()
  readonly #counts = new Map<string, number>()
  readonly #byLabel = new Map<string, ValueIndex>()
  readonly #bySelector: ValueIndex | undefined
  readonly #bySubject: ValueIndex | undefined
  readonly #byHost: ValueIndex | undefined
  readonly #podSelector: Resource['podSelector']
  /** Built on first use. */
  #uncontrolled: ValueIndex | undefined
  /** All of them, listed anew whenever one is added or dropped: each event of each object goes through it. */
  #indexes: readonly ValueIndex[]

  constructor({ podSelector, subjects, hosts }: Indexed) {
    this.#podSelector = podSelector
    this.#bySelector =
      podSelector &&
      new ValueIndex({
        part: (object) => object.spec,
        values: (object) => selectorValues(podSelector(object), namespaceOf(object)),
      })
    this.#bySubject =
      subjects &&
      new ValueIndex({
        part: (object) => object,
        values: (object) => {
          const keys = new Set(subjects(object))
          return Array.from(keys, (key) => `${namespaceOf(object)} ${key}`)
        },
      })
    this.#byHost = hosts && new ValueIndex({ part: (object) => object.spec, values: hosts })
    this.#indexes = this.#listed()
  }

  add(entry: Entry): void {
    this.#ordered.set(entry.key, entry)
    this.#recount(entry, 1)
    for (const index of this.#indexes) index.add(entry)
  }

  remove(entry: Entry): void {
    this.#ordered.delete(entry.key)
    this.#recount(entry, -1)
    for (const index of this.#indexes) index.remove(entry)
  }

  /** Call when the entry has its object's next state. */
  change(entry: Entry, before: KubernetesObject): void {
    for (const index of this.#indexes) index.change(entry, before)
  }

  /** The number of objects, in one namespace if given. */
  count(namespace?: string): number {
    return namespace === undefined ? this.#ordered.size : (this.#counts.get(namespace) ?? 0)
  }

  /** Yields the objects in order. The collection must not change meanwhile. */
  *scan({ namespace, after, labels = [] }: Range = {}): Generator<StoredObject> {
    if (labels === 'Nothing' || this.count(namespace) === 0) return
    const prefix = namespace === undefined ? '' : `${namespace} `
    const candidates = this.#candidates(labels, namespace)?.toSorted(byKey)
    for (const { key, stored } of candidates ?? this.#from(after ?? prefix)) {
      if (!key.startsWith(prefix)) return
      const isWithin = after === undefined || key > after
      if (isWithin && matchesLabels(labels, stored.object.metadata.labels)) yield stored
    }
  }

  /** The objects of the namespace whose pod selector matches these labels, in order. */
  selecting(labels: Readonly<Record<string, string>> = {}, namespace: string): StoredObject[] {
    const values = Object.entries(labels).map(([key, value]) => `${namespace} ${key}=${value}`)
    const found = new Set<Entry>()
    for (const value of [...values, `${namespace} `]) {
      for (const entry of this.#bySelector?.of(value) ?? []) found.add(entry)
    }
    const selects = ({ object }: StoredObject) =>
      matchesLabels(this.#podSelector?.(object) ?? 'Nothing', labels)
    return [...found]
      .filter(({ stored }) => selects(stored))
      .sort(byKey)
      .map(({ stored }) => stored)
  }

  /** The objects of the namespace without a controller, in no order. */
  uncontrolled(namespace: string): StoredObject[] {
    const index = this.#uncontrolled ?? this.#newUncontrolled()
    return Array.from(index.of(namespace), ({ stored }) => stored)
  }

  /** The objects of the namespace that grant rights to a subject, in no order. */
  binding(subject: string, namespace: string): StoredObject[] {
    const found = this.#bySubject?.of(`${namespace} ${subject}`) ?? []
    return Array.from(found, ({ stored }) => stored)
  }

  /** The objects of all namespaces with rules for a host, in no order. */
  ofHost(host: string): StoredObject[] {
    return Array.from(this.#byHost?.of(host) ?? [], ({ stored }) => stored)
  }

  /** The entries of this call, in order, whatever is added or removed later. */
  asOfNow(): Iterable<Entry> {
    // Its nodes are shared until one of them changes.
    return this.#ordered.clone().values()
  }

  *#from(key: string): Generator<Entry> {
    for (const [, entry] of this.#ordered.entries(key)) yield entry
  }

  /** The smallest candidate set that an index gives; undefined where none helps. */
  #candidates(
    selector: readonly Requirement[],
    namespace: string | undefined,
  ): readonly Entry[] | undefined {
    const equal = selector.filter(({ operator }) => operator === 'In')
    const isIndexed = ({ key }: Requirement) => this.#byLabel.has(key)
    let fewest: { sets: readonly ReadonlySet<Entry>[]; count: number } | undefined
    // Another index is built only if the present ones leave too many candidates.
    for (const requirement of [...equal.filter(isIndexed), ...equal.filter((r) => !isIndexed(r))]) {
      if (fewest !== undefined && fewest.count <= fewEnough) break
      const sets = this.#labelled(requirement, namespace)
      const count = sets.reduce((sum, set) => sum + set.size, 0)
      if (fewest === undefined || count < fewest.count) fewest = { sets, count }
    }
    return fewest?.sets.flatMap((set) => [...set])
  }

  #labelled(
    { key, values }: Requirement,
    namespace: string | undefined,
  ): readonly ReadonlySet<Entry>[] {
    const index = this.#labelIndex(key)
    const namespaces = namespace === undefined ? [...this.#counts.keys()] : [namespace]
    return [...new Set(values)].flatMap((value) =>
      namespaces.map((each) => index.of(`${each} ${value}`)),
    )
  }

  #labelIndex(key: string): ValueIndex {
    const known = this.#byLabel.get(key)
    const index = known ?? this.#newLabelIndex(key)
    this.#byLabel.delete(key)
    this.#byLabel.set(key, index)
    if (known !== undefined) return index
    const [oldest] = this.#byLabel.keys()
    if (this.#byLabel.size > labelIndexesMax && oldest !== undefined) this.#byLabel.delete(oldest)
    this.#indexes = this.#listed()
    return index
  }

  #newUncontrolled(): ValueIndex {
    const index = this.#filled(
      new ValueIndex({
        part: ({ metadata }) => metadata.ownerReferences,
        values: (object) => (controllerOf(object) ? [] : [namespaceOf(object)]),
      }),
    )
    this.#uncontrolled = index
    this.#indexes = this.#listed()
    return index
  }

  #newLabelIndex(key: string): ValueIndex {
    return this.#filled(
      new ValueIndex({
        part: ({ metadata }) => metadata.labels,
        values: (object) => {
          const value = ownValue(object.metadata.labels, key)
          return value === undefined ? [] : [`${namespaceOf(object)} ${value}`]
        },
      }),
    )
  }

  #filled(index: ValueIndex): ValueIndex {
    for (const entry of this.#ordered.values()) index.add(entry)
    return index
  }

  #listed(): readonly ValueIndex[] {
    const own = [this.#bySelector, this.#bySubject, this.#byHost, this.#uncontrolled].filter(
      (index) => index !== undefined,
    )
    return [...own, ...this.#byLabel.values()]
  }

  #recount({ stored }: Entry, difference: 1 | -1): void {
    const namespace = namespaceOf(stored.object)
    const count = (this.#counts.get(namespace) ?? 0) + difference
    if (count > 0) this.#counts.set(namespace, count)
    else this.#counts.delete(namespace)
  }
}

/** Indexed by one label pair that a selected pod must have; objects without one are checked for every pod. */
function selectorValues(selector: Selector, namespace: string): readonly string[] {
  if (selector === 'Nothing') return []
  const needed = selector.find(({ operator }) => operator === 'In')
  if (needed === undefined) return [`${namespace} `]
  return [...new Set(needed.values)].map((value) => `${namespace} ${needed.key}=${value}`)
}

const namespaceOf = ({ metadata }: KubernetesObject): string => metadata.namespace ?? ''

/** No two objects of a resource have the same key. */
const byKey = (a: Entry, b: Entry): number => (a.key < b.key ? -1 : 1)
