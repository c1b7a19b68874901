import type { Clock } from '@reckon/eventing'

/** Wakes a loop: rung by whoever changes something, awaited with the count that was seen before looking. */
export class Alarm {
  #count = 0
  #wake = () => {}

  get count(): number {
    return this.#count
  }

  ring(): void {
    this.#count++
    this.#wake()
  }

  /** Resolves when it was rung since `count` was read, when the time has come, or when the signal aborts. */
  async wait(
    count: number,
    clock: Clock,
    options: { untilMs?: number | undefined; signal: AbortSignal },
  ): Promise<void> {
    if (this.#count !== count || options.signal.aborted) return
    const timer = new AbortController()
    const onAbort = () => this.#wake()
    options.signal.addEventListener('abort', onAbort)
    const rung = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    const { untilMs } = options
    const due =
      untilMs === undefined ? [] : [clock.sleep(Math.max(0, untilMs - clock.now()), timer.signal)]
    await Promise.race([rung, ...due])
    timer.abort()
    options.signal.removeEventListener('abort', onAbort)
    this.#wake = () => {}
  }
}
