import type { Clock } from '@reckon/eventing'

/** What a loop sleeps on: it wakes when something happened, or when a moment has come. */
export interface Alarm {
  /** Ends the present wait, or the next one if nobody waits. */
  ring(): void
  /** Resolves when it rings, at `untilMs` (never, if undefined), or when the signal aborts. */
  wait(untilMs: number | undefined, signal: AbortSignal): Promise<void>
}

/** An alarm for one loop. */
export function createAlarm(clock: Clock): Alarm {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      rung = true
      wake?.()
    },
    async wait(untilMs, signal) {
      const done = new AbortController()
      const end = () => done.abort()
      if (!rung && !signal.aborted) {
        signal.addEventListener('abort', end, { once: true })
        const rings = new Promise<void>((resolve) => {
          wake = resolve
          done.signal.addEventListener('abort', () => resolve(), { once: true })
        })
        const waits = [rings]
        if (untilMs !== undefined) {
          waits.push(clock.sleep(Math.max(0, untilMs - clock.now()), done.signal))
        }
        await Promise.race(waits)
        signal.removeEventListener('abort', end)
        done.abort()
        wake = undefined
      }
      rung = false
    },
  }
}
