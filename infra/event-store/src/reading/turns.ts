/** How long readers may run until the event loop serves everybody else. */
const turnMsMax = 2

/** Lets many readers share one event loop with the writers: each works a little, then the next. */
export interface Turns {
  /** Whether the readers have used up their time in this turn of the event loop. */
  isOver(): boolean
  /** A promise only where the caller has to wait. */
  next(): Promise<void> | undefined
}

/**
 * Waiting readers are admitted first come, first served, as long as the turn lasts; the rest wait for the next one. So
 * a thousand readers delay an append no more than one does.
 */
export function createTurns(now: () => number = () => performance.now()): Turns {
  let waiting: (() => void)[] = []
  let since: number | undefined

  function isOver(): boolean {
    if (since === undefined) {
      since = now()
      setImmediate(goOn)
    }
    return now() - since > turnMsMax
  }

  async function goOn(): Promise<void> {
    since = undefined
    let admitted = 0
    for (const admit of waiting) {
      if (isOver()) break
      admitted++
      admit()
      // The reader's next work happens before the loop continues.
      await undefined
    }
    waiting = waiting.slice(admitted)
  }

  return {
    isOver,
    next() {
      if (!isOver() && waiting.length === 0) return undefined
      return new Promise((resolve) => waiting.push(resolve))
    },
  }
}
