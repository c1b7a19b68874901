import type { Clock } from '@reckon/eventing'
import type { Steps } from '@reckon/scheduling'

/** What comes of steps: others have their turn after each. Throws once the signal aborts: nobody waits for it any more. */
export async function inSteps<T>(steps: Steps<T>, clock: Clock, signal: AbortSignal): Promise<T> {
  try {
    for (;;) {
      const { done, value } = steps.next()
      if (done) return value
      await clock.sleep(0)
      signal.throwIfAborted()
    }
  } finally {
    // Ends what is not at its end.
    for (const _ of steps) break
  }
}
