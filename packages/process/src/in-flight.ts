/** A limited number of tasks that run beside a loop; a failure of any is thrown in the loop. */
export class InFlight {
  readonly #countMax: number
  readonly #onEnd: () => void
  readonly #works = new Set<Promise<void>>()
  #failure: { error: unknown } | undefined

  /** `onEnd` is called whenever a task has ended. */
  constructor(countMax: number, onEnd: () => void) {
    this.#countMax = countMax
    this.#onEnd = onEnd
  }

  get count(): number {
    return this.#works.size
  }

  get isFull(): boolean {
    return this.count >= this.#countMax
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

  /** Throws the first failure. */
  throwFailure(): void {
    if (this.#failure) throw this.#failure.error
  }

  /** Resolves when all tasks have ended, failed or not. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#works)
  }
}
