/** Work that goes on beside a loop: so much at once, and a failure of any is the loop's. */
export class InFlight {
  readonly #countMax: number
  readonly #onEnd: () => void
  readonly #works = new Set<Promise<void>>()
  #failure: { error: unknown } | undefined

  /** `onEnd` is called whenever one has ended. */
  constructor(countMax: number, onEnd: () => void) {
    this.#countMax = countMax
    this.#onEnd = onEnd
  }

  get isFull(): boolean {
    return this.#works.size >= this.#countMax
  }

  add(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        this.#failure ??= { error }
      })
      .then(() => {
        this.#works.delete(tracked)
        this.#onEnd()
      })
    this.#works.add(tracked)
  }

  /** Throws what the first that failed threw. */
  throwFailure(): void {
    if (this.#failure) throw this.#failure.error
  }

  /** Resolves when all have ended, failed or not. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#works)
  }
}
