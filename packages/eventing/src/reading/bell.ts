import type { Clock } from '../clock.ts'

/** Wakes a loop that waits for something to happen or for time to pass. A ring before the wait is not forgotten. */
export interface Bell {
  ring(): void
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export function createBell(clock: Clock): Bell {
  let rung = false
  let waiting: AbortController | undefined
  return {
    ring() {
      rung = true
      waiting?.abort()
    },
    async wait(ms, signal) {
      if (!rung && !signal.aborted) {
        waiting = new AbortController()
        const end = waiting
        const stop = (): void => end.abort()
        signal.addEventListener('abort', stop)
        await clock.sleep(ms, end.signal)
        signal.removeEventListener('abort', stop)
        waiting = undefined
      }
      rung = false
    },
  }
}
