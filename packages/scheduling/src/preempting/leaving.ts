import type { PlacedPod } from '../state/placed-pod.ts'

/** Pods of one node that are assumed to be gone, and what they would release. */
export class Leaving {
  readonly #uids = new Set<string>()
  readonly #amounts = new Map<string, number>()

  get count(): number {
    return this.#uids.size
  }

  has({ uid }: PlacedPod): boolean {
    return this.#uids.has(uid)
  }

  /** The amount of a resource that they request. */
  amountOf(name: string): number {
    return this.#amounts.get(name) ?? 0
  }

  add(pod: PlacedPod): void {
    this.#uids.add(pod.uid)
    this.#give(pod, 1)
  }

  delete(pod: PlacedPod): void {
    this.#uids.delete(pod.uid)
    this.#give(pod, -1)
  }

  #give({ equal }: PlacedPod, sign: 1 | -1): void {
    const { requests } = equal.traits.loadWants
    for (const name in requests) {
      this.#amounts.set(name, this.amountOf(name) + sign * (requests[name] ?? 0))
    }
  }
}
