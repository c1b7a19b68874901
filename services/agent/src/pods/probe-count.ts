import type { Probe } from '@reckon/kubernetes'

/** The recent results of a probe, and its verdict on the container. */
export type ProbeCount = { successes: number; failures: number; passes: boolean }

/**
 * The count after another result: the verdict changes only after as many equal results in a row as the probe requires.
 */
export function afterProbe(count: ProbeCount, isSuccess: boolean, probe: Probe): ProbeCount {
  if (isSuccess) {
    const successes = count.successes + 1
    const passes = count.passes || successes >= (probe.successThreshold ?? 1)
    return { successes, failures: 0, passes }
  }
  const failures = count.failures + 1
  return { successes: 0, failures, passes: count.passes && failures < failuresMax(probe) }
}

/** The number of failures in a row after which a container has failed. */
export const failuresMax = (probe: Probe): number => probe.failureThreshold ?? 3
