import type { Clock } from '@reckon/eventing'

/**
 * Counts the seconds of a term by sleeping: so never faster than time goes, however the machine's clock is set. What
 * may not happen too early is reckoned by this.
 */
export class TermSeconds {
  #count = 0
  readonly #listeners = new Set<() => void>()

  /** How many have passed. */
  get count(): number {
    return this.#count
  }

  /** Calls the listener each second; returns how to end it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Counts until the signal aborts. */
  async run(clock: Clock, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(1_000, signal)
      if (signal.aborted) return
      this.#count++
      for (const listener of this.#listeners) listener()
    }
  }
}
