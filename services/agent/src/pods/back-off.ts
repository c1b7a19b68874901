import { backOffMs } from '@reckon/eventing/bus'
/** How often something failed lately. `sinceMs` is when it last failed. */
export type BackOff = { failures: number; sinceMs: number }

const rests = { minMs: 10_000, maxMs: 300_000 }
/** After so long without a failure the delays begin anew. */
const forgetAfterMs = 2 * rests.maxMs

/**
 * When what failed at `failedAtMs` may be tried again. As under a kubelet the first repetition comes at once, the
 * next after 10 s, and each later one after twice the time, up to 5 minutes.
 */
export function retryAtMs(backOff: BackOff | undefined, failedAtMs: number): number {
  if (backOff === undefined || failedAtMs - backOff.sinceMs > forgetAfterMs) return failedAtMs
  return failedAtMs + backOffMs(backOff.failures, rests)
}

/** What is remembered once a repetition has begun. */
export function backOffAfter(backOff: BackOff | undefined, failedAtMs: number): BackOff {
  if (backOff === undefined || failedAtMs - backOff.sinceMs > forgetAfterMs) {
    return { failures: 1, sinceMs: failedAtMs }
  }
  return { failures: backOff.failures + 1, sinceMs: failedAtMs }
}
