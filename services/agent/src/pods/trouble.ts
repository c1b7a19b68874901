import { backOffMs } from '@reckon/eventing/bus'
import type { StartFailure } from '../containers/start-failure.ts'

/**
 * Why the last start of a container failed, how many have failed, when the next one is due, and the reason to report
 * from some time on.
 */
export type Trouble = StartFailure & {
  failures: number
  retryAtMs: number
  waits?: StartFailure & { fromMs: number }
}

/** A kubelet's delays. */
const rests = { minMs: 10_000, maxMs: 300_000 }
/** How long a failed pull is reported as such, before it is reported as waiting. */
const pullFailureMs = 5_000

/** The state after another failed start; the wait after a failed pull is reported in a kubelet's wording. */
export function troubleAfter(
  before: Trouble | undefined,
  failure: StartFailure,
  { image, nowMs }: { image: string; nowMs: number },
): Trouble {
  const failures = (before?.failures ?? 0) + 1
  const trouble = { ...failure, failures, retryAtMs: nowMs + backOffMs(failures, rests) }
  if (failure.reason !== 'ErrImagePull') return trouble
  const message = `Back-off pulling image "${image}": ${failure.reason}: ${failure.message}`
  const waits = { reason: 'ImagePullBackOff', message, fromMs: nowMs + pullFailureMs }
  return { ...trouble, waits }
}

/** The failure to report now. */
export const saidOf = ({ waits, ...trouble }: Trouble, nowMs: number): StartFailure =>
  waits !== undefined && waits.fromMs <= nowMs ? waits : trouble

/** When the report changes or the next start is due. */
export const nextChangeMs = ({ waits, retryAtMs }: Trouble, nowMs: number): number =>
  waits !== undefined && waits.fromMs > nowMs ? waits.fromMs : retryAtMs
