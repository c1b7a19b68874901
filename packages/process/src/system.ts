import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as after, setImmediate as turn } from 'node:timers/promises'
import type { Clock, Ids } from '@reckon/eventing'

/** The machine's own clock. */
export const systemClock: Clock = {
  now: Date.now,
  sleep: async (ms, signal) => {
    // A timer lasts a millisecond at least; who sleeps for nothing only lets others have their turn.
    const slept = ms > 0 ? after(ms, undefined, signal && { signal }) : turn()
    await slept.catch((error: unknown) => {
      if (!signal?.aborted) throw error
    })
  },
}

/** Real randomness. */
export const systemIds: Ids = { next: randomUUID, below: (limit) => randomInt(limit) }
