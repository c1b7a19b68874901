import type { Clock } from './clock.ts'
import { onAbort } from './on-abort.ts'

/**
 * When a wait ends if nobody rings: at a moment in milliseconds since the Unix epoch, if one is given, or when the
 * signal aborts.
 */
export type AlarmWait = { untilMs?: number | undefined; signal: AbortSignal }

type Waiting = { untilMs: number; signal: AbortSignal; end: () => void }

/**
 * Wakes loops that sleep: whoever changes something rings it. A loop reads `rings` before it looks at the state of the
 * world and passes that number to `wait`, so that no change in between is missed.
 */
export class Alarm {
  readonly #clock: Clock
  readonly #waiting = new Set<Waiting>()
  /** The ends of the sleeps under way, the earliest last. A ring does not end them: later waits share them. */
  readonly #sleeps: number[] = []
  #rings = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How often it has rung. */
  get rings(): number {
    return this.#rings
  }

  ring(): void {
    this.#rings++
    for (const { end } of this.#waiting) end()
  }

  /** Resolves once it has rung since `seen` was read, when the moment has come, or when the signal aborts. */
  async wait(seen: number, { untilMs, signal }: AlarmWait): Promise<void> {
    if (this.#rings !== seen || signal.aborted) return
    await new Promise<void>((resolve) => {
      const end = (): void => {
        this.#waiting.delete(waiting)
        callOff()
        resolve()
      }
      const waiting = { untilMs: untilMs ?? Number.POSITIVE_INFINITY, signal, end }
      this.#waiting.add(waiting)
      const callOff = onAbort(signal, end)
      if (untilMs !== undefined) this.#beSureOf(waiting, untilMs - this.#clock.now())
    })
  }

  /** Ensures that some sleep ends no later than this wait. */
  #beSureOf({ untilMs, signal }: Waiting, sleepMs: number): void {
    const earliest = this.#sleeps.at(-1)
    if (earliest !== undefined && earliest <= untilMs) return
    this.#sleeps.push(untilMs)
    void this.#clock.sleep(Math.max(0, sleepMs), signal).then(() => this.#slept(untilMs, signal))
  }

  #slept(untilMs: number, { aborted }: AbortSignal): void {
    this.#sleeps.splice(this.#sleeps.lastIndexOf(untilMs), 1)
    const nowMs = this.#clock.now()
    const sleptUntilMs = aborted ? nowMs : untilMs
    for (const waiting of this.#waiting) {
      // The clock may have been set, forward or back, between the two readings: whichever says less
      // is left.
      const leftMs = waiting.untilMs - Math.max(sleptUntilMs, nowMs)
      if (leftMs <= 0) waiting.end()
      else if (leftMs !== Number.POSITIVE_INFINITY) this.#beSureOf(waiting, leftMs)
    }
  }
}
