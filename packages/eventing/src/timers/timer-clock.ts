import { setTimeout as after, setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../clock.ts'

/** What a timer of the machine can hold; one for longer would fire at once. */
const timerMsMax = 2 ** 31 - 1

/** The machine's own time. `ref: false` lets a process end though somebody sleeps. */
export function createTimerClock({ ref = true }: { ref?: boolean } = {}): Clock {
  const timer = async (ms: number, signal: AbortSignal | undefined): Promise<void> => {
    // A timer lasts a millisecond at least; who sleeps for nothing only lets others have their turn.
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
