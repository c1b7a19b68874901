import type { Clock } from '../clock.ts'
import { firstAfter } from '../first-after.ts'

type Waiting = { position: bigint; end: (inTime: boolean) => void; isOver: boolean }

/** Callers that wait until a position is applied. An event costs nothing for those that wait for a later one. */
export class Waiters {
  readonly #clock: Clock
  /** In order of their positions. */
  readonly #waiting: Waiting[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves all waits for positions up to this one. */
  reached(position: bigint): void {
    const [first] = this.#waiting
    if (first === undefined || first.position > position) return
    for (const waiting of this.#waiting.splice(0, firstAfter(this.#waiting, position))) {
      waiting.isOver = true
      waiting.end(true)
    }
  }

  /** Resolves to whether the position was reached in time. */
  wait(position: bigint, timeoutMs: number): Promise<boolean> {
    return new Promise((end) => {
      const waiting = { position, end, isOver: false }
      this.#waiting.splice(firstAfter(this.#waiting, position), 0, waiting)
      // It is not aborted when the wait is over: that costs several times as much as letting it end.
      void this.#clock.sleep(timeoutMs).then(() => this.#late(waiting))
    })
  }

  #late(waiting: Waiting): void {
    if (waiting.isOver) return
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
    waiting.end(false)
  }
}
