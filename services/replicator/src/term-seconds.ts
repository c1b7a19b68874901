import type { Clock } from '@reckon/eventing'

/**
 * Counts the seconds of a term by sleeping, so that it is never fast, however the machine's clock is set. Used for
 * whatever must not happen too early.
 */
export class TermSeconds {
  #count = 0
  readonly #listeners = new Set<() => void>()

  /** How many seconds have passed. */
  get count(): number {
    return this.#count
  }

  /** Calls the listener each second; returns a function to unsubscribe. */
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
