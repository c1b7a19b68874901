/** How long readers may go on until the event loop turns to everybody else. */
const turnMsMax = 2

/** How many readers share one event loop with the writers: each works a little, then it is another's turn. */
export interface Turns {
  /** Whether the readers have had their time of this turn of the event loop. */
  isOver(): boolean
  /** A promise only where the caller has to wait for its turn. */
  next(): Promise<void> | undefined
}

/**
 * Readers that wait are let in one after another, first come first served, as long as the turn
 * lasts; the rest wait for the next one. So a thousand readers delay an append no more than one.
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
      // What the reader does now, it does before this goes on.
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
