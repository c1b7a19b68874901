import { amountOfPods, type Deployment } from '@reckon/kubernetes'

type Limits = {
  /** How many pods there may be above the wanted number. */
  maxSurge: number
  /** How many of the wanted pods may be missing. */
  maxUnavailable: number
}

/** What a rolling update may do; percentages of the wanted number, a surge rounded up, the other down. */
export function rolloutLimits({ spec }: Deployment): Limits {
  const replicas = spec.replicas ?? 1
  if (spec.strategy?.type === 'Recreate') return { maxSurge: 0, maxUnavailable: 0 }
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy?.rollingUpdate ?? {}
  const surge = amountOfPods(maxSurge, replicas, Math.ceil)
  const unavailable = amountOfPods(maxUnavailable, replicas, Math.floor)
  // With both at nothing no pod could ever be replaced.
  const least = surge === 0 && unavailable === 0 ? 1 : unavailable
  return { maxSurge: surge, maxUnavailable: Math.min(least, replicas) }
}
