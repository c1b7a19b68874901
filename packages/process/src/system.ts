import { randomInt, randomUUID } from 'node:crypto'
import type { Clock, Ids } from '@reckon/eventing/bus'
import { createTimerClock } from '@reckon/eventing/timers'

/** The machine's own clock. */
export const systemClock: Clock = createTimerClock()

/** Real randomness. */
export const systemIds: Ids = { next: randomUUID, below: (limit) => randomInt(limit) }
