import { Alarm } from '../alarm.ts'
import type { Clock } from '../clock.ts'
import { Waiters } from './waiters.ts'

/** The progress of a reader relative to the last position it has heard of, and those who wait for a position. */
export class Progress {
  readonly #clock: Clock
  readonly #at: { readonly position: bigint | undefined }
  readonly #waiters: Waiters
  /** Rung when the reader falls behind. */
  readonly alarm: Alarm
  #head: bigint | undefined
  #behindSince: number | undefined

  constructor(clock: Clock, at: { readonly position: bigint | undefined }) {
    this.#clock = clock
    this.#at = at
    this.#waiters = new Waiters(clock)
    this.alarm = new Alarm(clock)
  }

  get head(): bigint | undefined {
    return this.#head
  }

  /**
   * Since when the reader has been behind the head, in milliseconds since the Unix epoch; undefined while it is not.
   */
  get behindSince(): number | undefined {
    return this.#behindSince
  }

  /** For how many milliseconds the reader has been behind the head; 0 while it is not. */
  get lagMs(): number {
    return this.#behindSince === undefined ? 0 : this.#clock.now() - this.#behindSince
  }

  /** The reader has applied everything up to this position. */
  reached(position: bigint): void {
    this.noteHead(position)
    this.#waiters.reached(position)
  }

  /** Resolves to whether the position was reached in time. */
  async waitFor(position: bigint, timeoutMs: number): Promise<boolean> {
    const own = this.#at.position
    if (own !== undefined && position <= own) return true
    return this.#waiters.wait(position, timeoutMs)
  }

  /** The log is known to have this position. */
  noteHead(position: bigint | undefined): void {
    if (position !== undefined && (this.#head === undefined || position > this.#head)) {
      this.#head = position
    }
    const isBehind = this.#head !== undefined && (this.#at.position ?? -1n) < this.#head
    if (!isBehind) this.#behindSince = undefined
    else if (this.#behindSince === undefined) {
      this.#behindSince = this.#clock.now()
      this.alarm.ring()
    }
  }
}
