/** In so many parts the time is counted, so that an event loop that stood still is not taken for a silent store. */
const parts = 10

/**
 * Something that is awaited, and how many more parts of the time it has; the one that passes at the start is not
 * counted.
 */
export type Awaited = { partsLeft: number; readonly onExpired: () => void }

/**
 * How long silence is borne: `ms`, or up to a tenth longer. One timer for all that is awaited at once, and none while
 * nothing is.
 */
export class Patience {
  readonly #partMs: number
  readonly #awaited = new Set<Awaited>()
  #timer: NodeJS.Timeout | undefined

  constructor(ms: number) {
    this.#partMs = ms / parts
  }

  /** Calls `onExpired` once when something was awaited for the whole time in vain. */
  begin(onExpired: () => void): Awaited {
    const awaited = { partsLeft: 0, onExpired }
    this.#awaited.add(awaited)
    this.touch(awaited)
    return awaited
  }

  /** Something happened, or is awaited again: its time starts anew. */
  touch(awaited: Awaited): void {
    awaited.partsLeft = parts + 1
    this.#timer ??= setInterval(() => this.#pass(), this.#partMs)
  }

  /** It is not awaited for now. */
  pause(awaited: Awaited): void {
    awaited.partsLeft = Number.POSITIVE_INFINITY
  }

  end(awaited: Awaited): void {
    this.#awaited.delete(awaited)
  }

  /** The promise's outcome, or this error when it takes too long. */
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
