import type { Pod } from '@reckon/kubernetes'
import { availableAt } from './pod-readiness.ts'

export type PodCounts = {
  readyReplicas: number
  /** Ready for as long as their owner asks. */
  availableReplicas: number
  /** When the next one will be available, in milliseconds, if one is only waiting for that. */
  nextAvailableAtMs?: number
}

/** How far an owner's pods are. Pure. */
export function countPods(
  pods: readonly Pod[],
  { minReadySeconds = 0, nowMs }: { minReadySeconds?: number | undefined; nowMs: number },
): PodCounts {
  const moments = pods.flatMap((pod) => availableAt(pod, minReadySeconds) ?? [])
  const later = moments.filter((moment) => moment > nowMs)
  return {
    readyReplicas: moments.length,
    availableReplicas: moments.length - later.length,
    ...(later.length > 0 && { nextAvailableAtMs: Math.min(...later) }),
  }
}
