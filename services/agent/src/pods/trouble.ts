import { backOffMs } from '@reckon/eventing/bus'
import type { StartFailure } from '../containers/start-failure.ts'

/** Why a container could not be started when it was last tried, how often so far, and when it is tried again. */
export type Trouble = StartFailure & { failures: number; retryAtMs: number }

/** A kubelet's. */
const rests = { minMs: 10_000, maxMs: 300_000 }

/** What is remembered after a failed start: from the second failed pull on, the words are a kubelet's for waiting. */
export function troubleAfter(
  before: Trouble | undefined,
  failure: StartFailure,
  { image, nowMs }: { image: string; nowMs: number },
): Trouble {
  const failures = (before?.failures ?? 0) + 1
  const isPull = failure.reason === 'ErrImagePull' && failures > 1
  const words = isPull
    ? {
        reason: 'ImagePullBackOff',
        message: `Back-off pulling image "${image}": ${failure.message}`,
      }
    : failure
  return { ...words, failures, retryAtMs: nowMs + backOffMs(failures, rests) }
}
