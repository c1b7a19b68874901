import type { Pod } from '@reckon/kubernetes'
import { isMeant } from './affinity-term.ts'
import { EqualPods } from './equal-pods.ts'
import { type HeldTerm, termsHeldBy } from './held-terms.ts'
import type { Namespaces } from './namespaces.ts'
import { PodCounter } from './pod-counter.ts'
import { type PodTraits, traitsKey, traitsOf } from './pod-traits.ts'

type Matches = (traits: PodTraits) => boolean

/** Below this nothing is worth forgetting. */
const sortsMin = 4096

/** The sorts of pods that were seen, what they hold against others, and the counters that somebody asked for. */
export class PodSorts {
  readonly #namespaces: Namespaces
  readonly #equalPods = new Map<string, EqualPods>()
  #ofPod = new WeakMap<Pod, EqualPods>()
  readonly #counters = new Map<string, { counter: PodCounter; matches: Matches }>()
  readonly #heldTerms = new Map<string, HeldTerm>()
  /** In the order in which they were first held: who looked before looks at the later ones only. */
  #termList: HeldTerm[] = []
  #against = new WeakMap<PodTraits, { seen: number; terms: HeldTerm[] }>()
  #sortsMax = sortsMin
  #epoch = 0

  constructor(namespaces: Namespaces) {
    this.#namespaces = namespaces
  }

  /** Raised when all counters are void. */
  get epoch(): number {
    return this.#epoch
  }

  /** How many different terms are held: a new one may be held against any sort. */
  get termCount(): number {
    return this.#heldTerms.size
  }

  /** The terms that placed pods may hold against such a pod. */
  termsAgainst(traits: PodTraits): readonly HeldTerm[] {
    const known = this.#against.get(traits) ?? { seen: 0, terms: [] }
    this.#against.set(traits, known)
    for (; known.seen < this.#termList.length; known.seen += 1) {
      const held = this.#termList[known.seen]
      if (held && isMeant(held.term, traits, this.#namespaces)) known.terms.push(held)
    }
    return known.terms
  }

  /** The counter of that name; the first time everything placed is counted. */
  counter(name: string, matches: Matches): PodCounter {
    const known = this.#counters.get(name)
    if (known !== undefined) return known.counter
    const counter = new PodCounter(name)
    this.#counters.set(name, { counter, matches })
    for (const equal of this.#equalPods.values()) {
      if (matches(equal.traits)) equal.raise(counter)
    }
    return counter
  }

  /** The pods that are as this one is; of one that is `bound` its node is no wish. */
  of(pod: Pod, { bound = false } = {}): EqualPods {
    if (bound && pod.spec.nodeName) return this.#equalTo(pod, '')
    const known = this.#ofPod.get(pod)
    if (known !== undefined) return known
    const equal = this.#equalTo(pod, pod.spec.nodeName ?? '')
    this.#ofPod.set(pod, equal)
    return equal
  }

  /** Drops what no pod needs, and every counter; who needs one asks for it again. */
  forget(): void {
    this.#epoch += 1
    this.#ofPod = new WeakMap()
    this.#counters.clear()
    this.#heldTerms.clear()
    this.#termList = []
    this.#against = new WeakMap()
    for (const [key, equal] of this.#equalPods) {
      if (equal.slots.size === 0) this.#equalPods.delete(key)
      else {
        equal.raiseNothing()
        this.#raiseAll(equal)
      }
    }
    this.#sortsMax = Math.max(sortsMin, 2 * this.#equalPods.size)
  }

  #equalTo(pod: Pod, nodeName: string): EqualPods {
    const key = traitsKey(pod, nodeName)
    const known = this.#equalPods.get(key)
    if (known !== undefined) return known
    if (this.#equalPods.size >= this.#sortsMax) this.forget()
    const equal = new EqualPods(key, traitsOf(pod, nodeName))
    this.#equalPods.set(key, equal)
    this.#raiseAll(equal)
    return equal
  }

  #raiseAll(equal: EqualPods): void {
    for (const held of termsHeldBy(equal.traits)) {
      const known = this.#heldTerms.get(held.id) ?? this.#hold(held)
      equal.raise(known.holders)
    }
    for (const { counter, matches } of this.#counters.values()) {
      if (matches(equal.traits)) equal.raise(counter)
    }
  }

  #hold(held: Omit<HeldTerm, 'holders'>): HeldTerm {
    const created = { ...held, holders: new PodCounter(held.id) }
    this.#heldTerms.set(held.id, created)
    this.#termList.push(created)
    return created
  }
}
