import { Alarm } from '../alarm.ts'
import type { Clock } from '../clock.ts'
import { Waiters } from './waiters.ts'

/** How far something has come beside the last position that was heard of, and who waits for it. */
export class Progress {
  readonly #clock: Clock
  readonly #at: { readonly position: bigint | undefined }
  readonly #waiters: Waiters
  /** Rung when it falls behind. */
  readonly alarm: Alarm
  #head: bigint | undefined
  #behindSince: number | undefined

  constructor(clock: Clock, at: { readonly position: bigint | undefined }) {
    this.#clock = clock
    this.#at = at
    this.#waiters = new Waiters(clock)
    this.alarm = new Alarm(clock)
  }

  /** The last position that was heard of. */
  get head(): bigint | undefined {
    return this.#head
  }

  /** Since when it has been behind that head, in milliseconds since the Unix epoch; undefined when it is not. */
  get behindSince(): number | undefined {
    return this.#behindSince
  }

  /** For how many milliseconds it has been behind that head; 0 when it is not. */
  get lagMs(): number {
    return this.#behindSince === undefined ? 0 : this.#clock.now() - this.#behindSince
  }

  /** It has come to that position. */
  reached(position: bigint): void {
    this.noteHead(position)
    this.#waiters.reached(position)
  }

  /** True when the position was reached in time. */
  async waitFor(position: bigint, timeoutMs: number): Promise<boolean> {
    const own = this.#at.position
    if (own !== undefined && position <= own) return true
    return this.#waiters.wait(position, timeoutMs)
  }

  /** There is something up to that position. */
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
