import {
  forbidden,
  isReady,
  type Pod,
  type PodDisruptionBudget,
  podDisruptionBudgets,
  StatusError,
  secondsOf,
} from '@reckon/kubernetes'

/** The limit of pods that are being evicted at once under one budget; upstream's MaxDisruptedPodSize. */
const disruptedMax = 2_000

/**
 * Whether the budget does not apply, because the pod serves nobody and its eviction costs nothing. Upstream's
 * eviction.go. Pure.
 */
export function isUncounted({ spec, status }: PodDisruptionBudget, pod: Pod): boolean {
  if (isReady(pod.status)) return false
  if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {}
  return currentHealthy >= desiredHealthy && desiredHealthy > 0
}

/** The budget with one disruption less for this pod; refused in upstream's words where it allows none. Pure. */
export function spentBudget(
  budget: PodDisruptionBudget,
  pod: Pod,
  nowMs: number,
): PodDisruptionBudget {
  const { name, generation = 0 } = budget.metadata
  const { status } = budget
  if (!status || (status.observedGeneration ?? 0) < generation) {
    const why = `The disruption budget ${name} is still being processed by the server.`
    throw tooMany(why, 10)
  }
  const { disruptedPods = {}, disruptionsAllowed, desiredHealthy, currentHealthy } = status
  if (Object.keys(disruptedPods).length > disruptedMax) {
    const why = 'DisruptedPods map too big - too many evictions not confirmed by PDB controller'
    throw forbidden(podDisruptionBudgets, name, why)
  }
  if (disruptionsAllowed <= 0) throw tooMany(reasonOf(budget, desiredHealthy, currentHealthy))
  return {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: disruptionsAllowed - 1,
      disruptedPods: { ...disruptedPods, [pod.metadata.name]: secondsOf(nowMs) },
    },
  }
}

function reasonOf(
  { metadata: { name }, status }: PodDisruptionBudget,
  desired: number,
  is: number,
) {
  const failed = status?.conditions?.find(({ reason }) => reason === 'SyncFailed')
  return failed
    ? `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${failed.message}`
    : `The disruption budget ${name} needs ${desired} healthy pods and has ${is} currently`
}

const tooMany = (message: string, retryAfterSeconds?: number): StatusError =>
  new StatusError(
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    {
      causes: [{ reason: 'DisruptionBudget', message }],
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
  )
