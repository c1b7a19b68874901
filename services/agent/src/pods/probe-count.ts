import type { Probe } from '@reckon/kubernetes'

/** How a probe went lately, and what it therefore says of its container. */
export type ProbeCount = { successes: number; failures: number; passes: boolean }

/** What a probe says after one more answer: it changes its mind only after as many equal answers as it asks for. */
export function afterProbe(count: ProbeCount, isSuccess: boolean, probe: Probe): ProbeCount {
  if (isSuccess) {
    const successes = count.successes + 1
    const passes = count.passes || successes >= (probe.successThreshold ?? 1)
    return { successes, failures: 0, passes }
  }
  const failures = count.failures + 1
  return { successes: 0, failures, passes: count.passes && failures < failuresMax(probe) }
}

/** After so many failures in a row a container counts as failed. */
export const failuresMax = (probe: Probe): number => probe.failureThreshold ?? 3
