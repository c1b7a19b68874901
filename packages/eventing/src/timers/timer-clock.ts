import { setTimeout as after, setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../clock.ts'

/** The longest that a timer can last; a longer one would fire at once. */
const timerMsMax = 2 ** 31 - 1

/** The machine's clock. With `ref: false` a sleep does not keep the process alive. */
export function createTimerClock({ ref = true }: { ref?: boolean } = {}): Clock {
  const timer = async (ms: number, signal: AbortSignal | undefined): Promise<void> => {
    // A timer lasts at least a millisecond; sleeping for 0 ms only lets others have their turn.
    const options = { ref, ...(signal && { signal }) }
    await (ms > 0 ? after(ms, undefined, options) : turn(undefined, options))
  }
  return {
    now: Date.now,
    async sleep(ms, signal) {
      try {
        let leftMs = ms
        for (; leftMs > timerMsMax; leftMs -= timerMsMax) await timer(timerMsMax, signal)
        await timer(leftMs, signal)
      } catch (error) {
        if (!signal?.aborted) throw error
      }
    },
  }
}
