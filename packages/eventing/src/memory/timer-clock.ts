import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../clock.ts'

/** The machine's own time, for a twin that is used outside simulation. */
export const timerClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    wait(ms, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) }).catch(
      () => undefined,
    ),
}
