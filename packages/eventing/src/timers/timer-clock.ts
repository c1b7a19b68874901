import type { Clock } from '../clock.ts'
import { onAbort } from '../on-abort.ts'

/** The longest that a timer can last; a longer one would fire at once. */
const timerMsMax = 2 ** 31 - 1

/** The machine's clock. With `ref: false` a sleep does not keep the process alive. */
export function createTimerClock({ ref = true }: { ref?: boolean } = {}): Clock {
  return {
    now: Date.now,
    async sleep(ms, signal) {
      let leftMs = ms
      for (; leftMs > timerMsMax && !signal?.aborted; leftMs -= timerMsMax) {
        await timer(timerMsMax, ref, signal)
      }
      await timer(leftMs, ref, signal)
    },
  }
}

/**
 * Resolves after that time, or when the signal aborts. With a signal the timers of `node:timers/promises` take more than
 * twice the CPU, and they make an error of each abort.
 */
function timer(ms: number, ref: boolean, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      cancel()
      callOff?.()
      resolve()
    }
    const cancel = begin(end, ms, ref)
    const callOff = signal && onAbort(signal, end)
  })
}

/** Starts a timer; returns a function to cancel it. */
function begin(end: () => void, ms: number, ref: boolean): () => void {
  // A timer lasts at least a millisecond; sleeping for 0 ms only lets others have their turn.
  if (ms > 0) {
    const timeout = setTimeout(end, ms)
    if (!ref) timeout.unref()
    return () => clearTimeout(timeout)
  }
  const immediate = setImmediate(end)
  if (!ref) immediate.unref()
  return () => clearImmediate(immediate)
}
