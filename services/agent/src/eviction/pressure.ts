/**
 * Whether the node is short of something, or was a moment ago: one whose condition went to and fro would get the very
 * pods again that it has just got rid of.
 */
export class Pressure {
  readonly #transitionMs: number
  readonly #listeners = new Set<() => void>()
  #lastShortMs: number | undefined
  #isOn = false

  /** So long it goes on to say so. */
  constructor(transitionMs: number) {
    this.#transitionMs = transitionMs
  }

  get isOn(): boolean {
    return this.#isOn
  }

  /** Is called whenever it has changed. */
  onEachChange(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** Whether there is too little now. */
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
