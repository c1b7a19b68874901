import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import type { Clock, Ids } from '@reckon/eventing'

/** The machine's own clock. */
export const systemClock: Clock = {
  now: Date.now,
  sleep: async (ms, signal) => {
    await after(ms, undefined, signal && { signal }).catch((error: unknown) => {
      if (!signal?.aborted) throw error
    })
  },
}

/** Real randomness. */
export const systemIds: Ids = { next: randomUUID, below: (limit) => randomInt(limit) }
