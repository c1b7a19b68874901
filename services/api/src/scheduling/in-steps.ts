import type { Clock } from '@reckon/eventing'
import type { Steps } from '@reckon/scheduling'

/**
 * The result of a computation in steps; other requests are served after each. Throws once the signal aborts, when
 * nobody waits for it any more.
 */
export async function inSteps<T>(steps: Steps<T>, clock: Clock, signal: AbortSignal): Promise<T> {
  try {
    for (;;) {
      const { done, value } = steps.next()
      if (done) return value
      await clock.sleep(0)
      signal.throwIfAborted()
    }
  } finally {
    // Ends a generator that has not finished.
    for (const _ of steps) break
  }
}
