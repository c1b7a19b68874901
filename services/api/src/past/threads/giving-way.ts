import type { Clock } from '@reckon/eventing'

/**
 * For so long a thread that has worked sleeps: whoever waits for its core has it then. A kernel lets a thread that works
 * run on for some milliseconds whatever the priority of others, and a request about the present wakes several processes
 * one after the other, each of which would wait for that long.
 */
const pauseMs = 0.05

/** A clock for a thread whose work is less urgent than what other processes wait for: each of its turns is a pause. */
export function givingWay(clock: Clock): Clock {
  const nobody = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  return {
    now: () => clock.now(),
    async sleep(ms, signal) {
      if (ms === 0) Atomics.wait(nobody, 0, 0, pauseMs)
      await clock.sleep(ms, signal)
    },
  }
}
