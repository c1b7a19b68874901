import type { Pod, Selector } from '@reckon/kubernetes'
import { isMeant } from './affinity-term.ts'
import { ByNecessaryLabel } from './by-necessary-label.ts'
import { EqualPods } from './equal-pods.ts'
import { type HeldTerm, termsHeldBy } from './held-terms.ts'
import type { Namespaces } from './namespaces.ts'
import { labelTexts, necessaryLabel } from './necessary-label.ts'
import { PodCounter } from './pod-counter.ts'
import { areAlike, type PodTraits, traitsKey, traitsOf } from './pod-traits.ts'

type Matches = (traits: PodTraits) => boolean
type Counted = { readonly counter: PodCounter; readonly matches: Matches }
/** The terms that may match some sort of pods, and how much of each bucket of terms has been visited. */
type Against = {
  readonly terms: HeldTerm[]
  readonly buckets: readonly (readonly HeldTerm[])[]
  readonly looked: number[]
  seen: number
}
/** The last pod with certain labels; the next one mostly has equal traits. `nodeName`: the node that it requests. */
type Seen = { pod: Pod; readonly nodeName: string; readonly equal: EqualPods }

/** The number of these that are kept: with more, the processor's caches would miss, and making the text would be as fast. */
const seenMax = 64
/** Fewer sorts than this are all kept. */
const sortsMin = 4096

/** The sorts of pods seen so far, their terms that affect other pods, and the counters that plugins asked for. */
export class PodSorts {
  readonly #namespaces: Namespaces
  readonly #equalPods = new Map<string, EqualPods>()
  /** The same by each of their labels. */
  readonly #byLabel = new Map<string, Set<EqualPods>>()
  /** By labels. */
  readonly #seen = new Map<string, Seen>()
  readonly #counters = new Map<string, PodCounter>()
  #counted = new ByNecessaryLabel<Counted>()
  readonly #heldTerms = new Map<string, HeldTerm>()
  #termsBySelector = new ByNecessaryLabel<HeldTerm>()
  #against = new WeakMap<PodTraits, Against>()
  #sortsMax = sortsMin
  #epoch = 0

  constructor(namespaces: Namespaces) {
    this.#namespaces = namespaces
  }

  /** Increases when all counters become invalid. */
  get epoch(): number {
    return this.#epoch
  }

  /** The number of different terms; a new one may match any sort. */
  get termCount(): number {
    return this.#heldTerms.size
  }

  /** The terms of placed pods that may match such a pod. */
  termsAgainst(traits: PodTraits): readonly HeldTerm[] {
    const known = this.#against.get(traits) ?? this.#begin(traits)
    if (known.seen === this.termCount) return known.terms
    known.seen = this.termCount
    for (const [index, bucket] of known.buckets.entries()) {
      for (let at = known.looked[index] ?? 0; at < bucket.length; at += 1) {
        const held = bucket[at]
        if (held && isMeant(held.term, traits, this.#namespaces)) known.terms.push(held)
      }
      known.looked[index] = bucket.length
    }
    return known.terms
  }

  /**
   * The counter with this name; at its first use all placed pods are counted. Every pod that matches also matches
   * `selector`, by default any.
   */
  counter(name: string, matches: Matches, selector: Selector = []): PodCounter {
    const known = this.#counters.get(name)
    if (known !== undefined) return known
    const counter = new PodCounter(name)
    this.#counters.set(name, counter)
    this.#counted.add(selector, { counter, matches })
    const label = necessaryLabel(selector)
    const sorts = label === undefined ? this.#equalPods.values() : this.#byLabel.get(label)
    for (const equal of sorts ?? []) {
      if (matches(equal.traits)) equal.raise(counter)
    }
    return counter
  }

  /** The pods with the same traits; the node of a `bound` pod is not one of its traits. */
  of(pod: Pod, { bound = false } = {}): EqualPods {
    const nodeName = bound ? '' : (pod.spec.nodeName ?? '')
    const labels = labelsText(pod)
    const known = this.#seen.get(labels)
    if (known?.nodeName === nodeName && areAlike(known.pod, pod)) {
      known.pod = pod
      return known.equal
    }
    const equal = this.#equalTo(pod, nodeName)
    if (this.#seen.size >= seenMax) this.#seen.clear()
    this.#seen.set(labels, { pod, nodeName, equal })
    return equal
  }

  /** Drops sorts without pods, and all counters, which are created again when they are needed. */
  forget(): void {
    this.#epoch += 1
    this.#seen.clear()
    this.#counters.clear()
    this.#counted = new ByNecessaryLabel()
    this.#heldTerms.clear()
    this.#termsBySelector = new ByNecessaryLabel()
    this.#against = new WeakMap()
    const standing = [...this.#equalPods].filter(([, { slots }]) => slots.size > 0)
    this.#equalPods.clear()
    this.#byLabel.clear()
    for (const [key, equal] of standing) {
      equal.raiseNothing()
      this.#keep(key, equal)
    }
    this.#sortsMax = Math.max(sortsMin, 2 * this.#equalPods.size)
  }

  #begin(traits: PodTraits): Against {
    const buckets = this.#termsBySelector.bucketsFor(traits.labels)
    const begun: Against = { terms: [], buckets, looked: [], seen: 0 }
    this.#against.set(traits, begun)
    return begun
  }

  #equalTo(pod: Pod, nodeName: string): EqualPods {
    const key = traitsKey(pod, nodeName)
    const known = this.#equalPods.get(key)
    if (known !== undefined) return known
    if (this.#equalPods.size >= this.#sortsMax) this.forget()
    const equal = new EqualPods(key, traitsOf(pod, nodeName))
    this.#keep(key, equal)
    return equal
  }

  #keep(key: string, equal: EqualPods): void {
    this.#equalPods.set(key, equal)
    for (const label of labelTexts(equal.traits.labels)) {
      const sorts = this.#byLabel.get(label) ?? new Set<EqualPods>()
      this.#byLabel.set(label, sorts.add(equal))
    }
    this.#raiseAll(equal)
  }

  #raiseAll(equal: EqualPods): void {
    for (const held of termsHeldBy(equal.traits)) {
      const known = this.#heldTerms.get(held.id) ?? this.#hold(held)
      equal.raise(known.holders)
    }
    for (const bucket of this.#counted.bucketsFor(equal.traits.labels)) {
      for (const { counter, matches } of bucket) {
        if (matches(equal.traits)) equal.raise(counter)
      }
    }
  }

  #hold(held: Omit<HeldTerm, 'holders'>): HeldTerm {
    const created = { ...held, holders: new PodCounter(held.id) }
    this.#heldTerms.set(held.id, created)
    this.#termsBySelector.add(held.term.selector, created)
    return created
  }
}

/** Equal for pods of one namespace with equal labels; rarely also for others. */
function labelsText({ metadata: { namespace = '', labels } }: Pod): string {
  let text = namespace
  for (const key in labels) text += `/${labels[key]}`
  return text
}
