/** The timeout is counted in this many parts, so that a blocked event loop is not taken for a silent store. */
const parts = 10

/** An awaited answer, and how many parts of the timeout it has left; the part under way at the start does not count. */
export type AwaitedAnswer = { partsLeft: number; onExpired: () => void }

const nothing = (): void => {}

/**
 * Timeouts after `ms` of silence, or up to a tenth longer. One timer serves all that is awaited, and none runs while
 * nothing is.
 */
export class SilenceTimeouts {
  readonly #partMs: number
  readonly #awaited = new Set<AwaitedAnswer>()
  #timer: NodeJS.Timeout | undefined

  constructor(ms: number) {
    this.#partMs = ms / parts
  }

  /** Calls `onExpired` once when nothing was heard for the whole timeout. */
  begin(onExpired: () => void): AwaitedAnswer {
    const awaited = { partsLeft: 0, onExpired }
    this.#awaited.add(awaited)
    this.touch(awaited)
    return awaited
  }

  /** Something was heard, or is awaited again: the timeout starts anew. */
  touch(awaited: AwaitedAnswer): void {
    awaited.partsLeft = parts + 1
    this.#timer ??= setInterval(() => this.#pass(), this.#partMs)
  }

  /** Stops the timeout until the next `touch`. */
  pause(awaited: AwaitedAnswer): void {
    awaited.partsLeft = Number.POSITIVE_INFINITY
  }

  end(awaited: AwaitedAnswer): void {
    this.#awaited.delete(awaited)
    // A Set that grows leaves its old table behind, which keeps what it held until the next whole garbage collection.
    awaited.onExpired = nothing
  }

  /** The promise's outcome, or this error after the timeout. */
  within<T>(promise: Promise<T>, tooLate: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const awaited = this.begin(() => reject(tooLate()))
      promise.then(
        (value) => {
          this.end(awaited)
          resolve(value)
        },
        (error) => {
          this.end(awaited)
          reject(error)
        },
      )
    })
  }

  #pass(): void {
    let isAwaiting = false
    for (const awaited of this.#awaited) {
      if (awaited.partsLeft === Number.POSITIVE_INFINITY) continue
      isAwaiting = true
      if (--awaited.partsLeft > 0) continue
      this.#awaited.delete(awaited)
      awaited.onExpired()
    }
    if (isAwaiting) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
