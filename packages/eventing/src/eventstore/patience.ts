/** How long silence is borne. */
export type Patience = {
  /** Something happened, or is awaited again: the time starts anew. */
  touch(): void
  /** Nothing is awaited for now. */
  pause(): void
  end(): void
}

/** Calls `onExpired` once when something was awaited for `ms` in vain. */
export function patience(ms: number, onExpired: () => void): Patience {
  // Counted in thirds, so that an event loop that stood still is not taken for a silent store.
  let thirds = 0
  let paused = false
  const timer = setInterval(() => {
    if (paused || ++thirds < 3) return
    clearInterval(timer)
    onExpired()
  }, ms / 3)
  return {
    touch() {
      thirds = 0
      paused = false
    },
    pause() {
      paused = true
    },
    end() {
      clearInterval(timer)
    },
  }
}

/** The promise's outcome, or this error when it takes longer than `ms`. */
export async function within<T>(ms: number, promise: Promise<T>, tooLate: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const { end } = patience(ms, () => reject(tooLate()))
    promise.then(resolve, reject).finally(end)
  })
}
