import type { Pod, PodStatus } from '@reckon/kubernetes'

/** Reason and message of a pod that exceeded its deadline, in a kubelet's wording. */
export const deadlineExceeded = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
}

/**
 * The time (milliseconds) of a pod's deadline, counted from its start on the node; undefined without a deadline or a
 * start.
 */
export function deadlineOf({ spec, status }: Pod, told: PodStatus = {}): number | undefined {
  const startTime = status?.startTime ?? told.startTime
  if (spec.activeDeadlineSeconds === undefined || startTime === undefined) return undefined
  return Date.parse(startTime) + spec.activeDeadlineSeconds * 1_000
}
