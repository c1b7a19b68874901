import { amountOfPods, type Deployment } from '@reckon/kubernetes'

type Limits = {
  /** The largest number of pods above the wanted number (maxSurge). */
  maxSurge: number
  /** The largest number of wanted pods that may be unavailable (maxUnavailable). */
  maxUnavailable: number
}

/**
 * The limits of a rolling update. Percentages refer to the wanted number; maxSurge is rounded up, maxUnavailable down.
 */
export function rolloutLimits({ spec }: Deployment): Limits {
  const replicas = spec.replicas ?? 1
  if (spec.strategy?.type === 'Recreate') return { maxSurge: 0, maxUnavailable: 0 }
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy?.rollingUpdate ?? {}
  const surge = amountOfPods(maxSurge, replicas, Math.ceil)
  const unavailable = amountOfPods(maxUnavailable, replicas, Math.floor)
  // If both were 0, no pod could ever be replaced.
  const least = surge === 0 && unavailable === 0 ? 1 : unavailable
  return { maxSurge: surge, maxUnavailable: Math.min(least, replicas) }
}
