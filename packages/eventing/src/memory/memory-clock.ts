import type { Clock } from '../clock.ts'

/** A clock that stands still until it is advanced. */
export interface MemoryClock extends Clock {
  /** Advances by `ms`, waking each sleeper at its moment and letting the consequences settle. */
  advance(ms: number): Promise<void>
}

/** Time for tests: nothing passes by itself. */
export function createMemoryClock(start = Date.UTC(2026, 0, 1)): MemoryClock {
  const sleepers = new Set<{ at: number; wake: () => void }>()
  let now = start
  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const wake = (): void => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { at: now + ms, wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', wake)
      })
    },
    async advance(ms) {
      const end = now + ms
      for (;;) {
        await settled()
        const next = [...sleepers].sort((a, b) => a.at - b.at)[0]
        if (next === undefined || next.at > end) break
        now = Math.max(now, next.at)
        next.wake()
      }
      now = end
      await settled()
    },
  }
}

/** Lets everything run that only waits for its turn. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}
