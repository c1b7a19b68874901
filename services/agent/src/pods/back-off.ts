import { backOffMs } from '@reckon/eventing/bus'
/** How often something has failed recently. `sinceMs` is the time of the last failure. */
export type BackOff = { failures: number; sinceMs: number }

const rests = { minMs: 10_000, maxMs: 300_000 }
/** After this long without a failure, delays start over. */
const forgetAfterMs = 2 * rests.maxMs

/**
 * When to retry after a failure at `failedAtMs`. As under a kubelet, the first retry comes at once, the next after 10
 * s, then after twice the time each, up to 5 minutes.
 */
export function retryAtMs(backOff: BackOff | undefined, failedAtMs: number): number {
  if (backOff === undefined || failedAtMs - backOff.sinceMs > forgetAfterMs) return failedAtMs
  return failedAtMs + backOffMs(backOff.failures, rests)
}

/** The back-off after another failure. */
export function backOffAfter(backOff: BackOff | undefined, failedAtMs: number): BackOff {
  if (backOff === undefined || failedAtMs - backOff.sinceMs > forgetAfterMs) {
    return { failures: 1, sinceMs: failedAtMs }
  }
  return { failures: backOff.failures + 1, sinceMs: failedAtMs }
}
