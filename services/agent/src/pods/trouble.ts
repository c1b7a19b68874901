import { backOffMs } from '@reckon/eventing/bus'
import type { StartFailure } from '../containers/start-failure.ts'

/**
 * Why a container could not be started when it was last tried, how often so far, when it is tried again, and what it
 * says from some moment on until then.
 */
export type Trouble = StartFailure & {
  failures: number
  retryAtMs: number
  waits?: StartFailure & { fromMs: number }
}

/** A kubelet's. */
const rests = { minMs: 10_000, maxMs: 300_000 }
/** So long it says that a pull has failed, before it says that it waits for the next. */
const pullFailureMs = 5_000

/** What is remembered after a failed start; a failed pull is waited for in a kubelet's words. */
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

/** What a container in trouble says now. */
export const saidOf = ({ waits, ...trouble }: Trouble, nowMs: number): StartFailure =>
  waits !== undefined && waits.fromMs <= nowMs ? waits : trouble

/** When it says something else, or is tried again. */
export const nextChangeMs = ({ waits, retryAtMs }: Trouble, nowMs: number): number =>
  waits !== undefined && waits.fromMs > nowMs ? waits.fromMs : retryAtMs
