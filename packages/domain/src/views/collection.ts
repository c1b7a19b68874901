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

/** Where a list begins and ends. */
export type Range = {
  namespace?: string | undefined
  /** The key of the last object before it. */
  after?: string | undefined
  /** What the labels must be. */
  labels?: Selector | undefined
}

/** What of a resource its indexes are made of. */
type Indexed = Pick<Resource, 'podSelector' | 'subjects' | 'hosts'>

/** An index for each label key that is asked for; the one that nobody asked for longest goes. */
const labelIndexesMax = 64
/** Among so few nothing is won by another index. */
const fewEnough = 100

/** What lists are ordered by: a space sorts before every character of a name. */
export const listKeyOf = ({ metadata }: KubernetesObject): string =>
  `${metadata.namespace ?? ''} ${metadata.name}`

/**
 * The objects of one resource, by namespace, then name, with indexes of their labels and, where they have such, of
 * their selectors of pods, of whom they give rights to and of their hosts. What is asked costs in proportion to its
 * answer.
 */
export class Collection {
  readonly #ordered = new SortedTree<string, Entry>()
  readonly #counts = new Map<string, number>()
  readonly #byLabel = new Map<string, ValueIndex>()
  readonly #bySelector: ValueIndex | undefined
  readonly #bySubject: ValueIndex | undefined
  readonly #byHost: ValueIndex | undefined
  readonly #podSelector: Resource['podSelector']
  /** Made when it is first asked for. */
  #uncontrolled: ValueIndex | undefined

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
  }

  add(entry: Entry): void {
    this.#ordered.set(entry.key, entry)
    this.#recount(entry, 1)
    for (const index of this.#indexes()) index.add(entry)
  }

  remove(entry: Entry): void {
    this.#ordered.delete(entry.key)
    this.#recount(entry, -1)
    for (const index of this.#indexes()) index.remove(entry)
  }

  /** To be called when the entry holds its object's next state. */
  change(entry: Entry, before: KubernetesObject): void {
    for (const index of this.#indexes()) index.change(entry, before)
  }

  /** How many there are, in one namespace if given. */
  count(namespace?: string): number {
    return namespace === undefined ? this.#ordered.size : (this.#counts.get(namespace) ?? 0)
  }

  /** One after the other, in order. The collection must not change meanwhile. */
  *scan({ namespace, after, labels = [] }: Range = {}): Generator<StoredObject> {
    if (labels === 'Nothing') return
    const prefix = namespace === undefined ? '' : `${namespace} `
    const candidates = this.#candidates(labels, namespace)?.toSorted(byKey)
    for (const { key, stored } of candidates ?? this.#from(after ?? prefix)) {
      if (!key.startsWith(prefix)) return
      const isWithin = after === undefined || key > after
      if (isWithin && matchesLabels(labels, stored.object.metadata.labels)) yield stored
    }
  }

  /** Those of the namespace whose own selector matches these labels of a pod, in order. */
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

  /** Those of the namespace that have no controller, in no order. */
  uncontrolled(namespace: string): StoredObject[] {
    this.#uncontrolled ??= this.#filled(
      new ValueIndex({
        part: ({ metadata }) => metadata.ownerReferences,
        values: (object) => (controllerOf(object) ? [] : [namespaceOf(object)]),
      }),
    )
    return Array.from(this.#uncontrolled.of(namespace), ({ stored }) => stored)
  }

  /** Those of the namespace that give rights to a subject, in no order. */
  binding(subject: string, namespace: string): StoredObject[] {
    const found = this.#bySubject?.of(`${namespace} ${subject}`) ?? []
    return Array.from(found, ({ stored }) => stored)
  }

  /** Those of all namespaces that have rules for a host, in no order. */
  ofHost(host: string): StoredObject[] {
    return Array.from(this.#byHost?.of(host) ?? [], ({ stored }) => stored)
  }

  *#from(key: string): Generator<Entry> {
    for (const [, entry] of this.#ordered.entries(key)) yield entry
  }

  /** The fewest that an index leaves to look at; undefined where none helps. */
  #candidates(
    selector: readonly Requirement[],
    namespace: string | undefined,
  ): readonly Entry[] | undefined {
    const equal = selector.filter(({ operator }) => operator === 'In')
    const isIndexed = ({ key }: Requirement) => this.#byLabel.has(key)
    let fewest: { sets: readonly ReadonlySet<Entry>[]; count: number } | undefined
    // Another index is made only where those at hand leave too much.
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
    const index = this.#byLabel.get(key) ?? this.#newLabelIndex(key)
    this.#byLabel.delete(key)
    this.#byLabel.set(key, index)
    const [oldest] = this.#byLabel.keys()
    if (this.#byLabel.size > labelIndexesMax && oldest !== undefined) this.#byLabel.delete(oldest)
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

  #indexes(): readonly ValueIndex[] {
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

/** By one pair that a pod must have to be selected; those that name none are looked at for each pod. */
function selectorValues(selector: Selector, namespace: string): readonly string[] {
  if (selector === 'Nothing') return []
  const needed = selector.find(({ operator }) => operator === 'In')
  if (needed === undefined) return [`${namespace} `]
  return [...new Set(needed.values)].map((value) => `${namespace} ${needed.key}=${value}`)
}

const namespaceOf = ({ metadata }: KubernetesObject): string => metadata.namespace ?? ''

const byKey = (a: Entry, b: Entry): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
