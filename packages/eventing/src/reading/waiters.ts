import type { Clock } from '../clock.ts'

/** Callers that wait until a position is applied. */
export class Waiters {
  readonly #clock: Clock
  #waiting: { position: bigint; resolve: () => void }[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves all waits for positions up to this one. */
  reached(position: bigint): void {
    if (this.#waiting.length === 0) return
    const still = []
    for (const waiter of this.#waiting) {
      if (waiter.position <= position) waiter.resolve()
      else still.push(waiter)
    }
    this.#waiting = still
  }

  /** Resolves to whether the position was reached in time. */
  async wait(position: bigint, timeoutMs: number): Promise<boolean> {
    const done = new AbortController()
    let inTime = false
    const waiter = {
      position,
      resolve: () => {
        inTime = true
        done.abort()
      },
    }
    this.#waiting.push(waiter)
    await this.#clock.sleep(timeoutMs, done.signal)
    this.#waiting = this.#waiting.filter((each) => each !== waiter)
    return inTime
  }
}
