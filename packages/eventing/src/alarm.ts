import type { Clock } from './clock.ts'

/** Until when a wait lasts if nothing rings: a moment in milliseconds since the Unix epoch, if any, or the signal's abort. */
export type AlarmWait = { untilMs?: number | undefined; signal: AbortSignal }

/**
 * What loops sleep on: rung by whoever changes something. A loop reads `rings` before it looks at the world and waits with
 * what it read, so that nothing that happens in between is missed.
 */
export class Alarm {
  readonly #clock: Clock
  readonly #waiting = new Set<() => void>()
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
    for (const wake of this.#waiting) wake()
  }

  /** Resolves once it has rung since `seen` was read, when the moment has come, or when the signal aborts. */
  async wait(seen: number, { untilMs, signal }: AlarmWait): Promise<void> {
    if (this.#rings !== seen || signal.aborted) return
    const done = new AbortController()
    const end = () => done.abort()
    signal.addEventListener('abort', end, { once: true })
    this.#waiting.add(end)
    const rung = new Promise<void>((resolve) => {
      done.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    const due = untilMs === undefined ? [] : [this.#sleepUntil(untilMs, done.signal)]
    await Promise.race([rung, ...due])
    this.#waiting.delete(end)
    signal.removeEventListener('abort', end)
    done.abort()
  }

  #sleepUntil(untilMs: number, signal: AbortSignal): Promise<void> {
    return this.#clock.sleep(Math.max(0, untilMs - this.#clock.now()), signal)
  }
}
