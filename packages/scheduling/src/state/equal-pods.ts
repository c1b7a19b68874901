import { fnv1a32 } from '@reckon/kubernetes'
import type { PodCounter } from './pod-counter.ts'
import type { PodTraits } from './pod-traits.ts'

/** Pods with the same traits: what is computed for one of them is valid for all. */
export class EqualPods {
  readonly key: string
  readonly hash: number
  readonly traits: PodTraits
  /** The number of them on each node, by slot. */
  readonly slots = new Map<number, number>()
  /** The counters that each of them increases on its node. */
  #counters: PodCounter[] = []

  constructor(key: string, traits: PodTraits) {
    this.key = key
    this.hash = fnv1a32(key)
    this.traits = traits
  }

  /** Adds one on this slot, or with -1 removes one. */
  count(slot: number, by: 1 | -1): void {
    const after = (this.slots.get(slot) ?? 0) + by
    if (after === 0) this.slots.delete(slot)
    else this.slots.set(slot, after)
    for (const counter of this.#counters) counter.add(slot, by)
  }

  /** Whether they count in this counter. */
  raises(counter: PodCounter): boolean {
    return this.#counters.includes(counter)
  }

  /** Lets them count in this counter from now on, including those already placed. */
  raise(counter: PodCounter): void {
    this.#counters.push(counter)
    for (const [slot, count] of this.slots) counter.add(slot, count)
  }

  raiseNothing(): void {
    this.#counters = []
  }
}
