import type { PodCounter } from '../state/pod-counter.ts'

/** Looks at what changed in a counter since it was here last, or at all of it. */
export class FollowedCounter {
  readonly counter: PodCounter
  #seen = -1

  constructor(counter: PodCounter) {
    this.counter = counter
  }

  /** Calls for each slot that may have changed; answers false where all must be looked at. */
  eachChange(onSlot: (slot: number) => void): boolean {
    const { changes } = this.counter
    const since = this.#seen
    this.#seen = changes.version
    if (since < 0 || !changes.reachesTo(since)) return false
    for (let version = since; version < changes.version; version += 1) onSlot(changes.at(version))
    return true
  }
}
