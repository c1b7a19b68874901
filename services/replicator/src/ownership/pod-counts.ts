import type { Pod } from '@reckon/kubernetes'
import { availableAt } from './pod-readiness.ts'

export type PodCounts = {
  readyReplicas: number
  /** Ready for as long as the owner requires. */
  availableReplicas: number
  /** When the next pod becomes available merely by waiting, in milliseconds. */
  nextAvailableAtMs?: number
}

/** Counts an owner's pods by progress. Pure. */
export function countPods(
  pods: readonly Pod[],
  { minReadySeconds = 0, nowMs }: { minReadySeconds?: number | undefined; nowMs: number },
): PodCounts {
  let [readyReplicas, availableReplicas] = [0, 0]
  let nextAvailableAtMs = Number.POSITIVE_INFINITY
  for (const pod of pods) {
    const moment = availableAt(pod, minReadySeconds)
    if (moment === undefined) continue
    readyReplicas += 1
    if (moment <= nowMs) availableReplicas += 1
    else nextAvailableAtMs = Math.min(nextAvailableAtMs, moment)
  }
  const isWaiting = availableReplicas < readyReplicas
  return { readyReplicas, availableReplicas, ...(isWaiting && { nextAvailableAtMs }) }
}
