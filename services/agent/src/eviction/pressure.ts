/**
 * Whether the node is, or recently was, short of something. The delay prevents a fluctuating condition from attracting
 * the very pods that were just evicted.
 */
export class Pressure {
  readonly #transitionMs: number
  readonly #listeners = new Set<() => void>()
  #lastShortMs: number | undefined
  #isOn = false

  /** The time for which pressure lasts at least. */
  constructor(transitionMs: number) {
    this.#transitionMs = transitionMs
  }

  get isOn(): boolean {
    return this.#isOn
  }

  /** Calls the listener at each change. */
  onEachChange(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** Records the result of a check. */
  see(isShort: boolean, nowMs: number): void {
    if (isShort) this.#lastShortMs = nowMs
    const wasShort =
      this.#lastShortMs !== undefined && nowMs - this.#lastShortMs < this.#transitionMs
    const isOn = isShort || wasShort
    if (isOn === this.#isOn) return
    this.#isOn = isOn
    for (const tell of this.#listeners) tell()
  }
}
