import type { Pod, PodStatus } from '@reckon/kubernetes'

/** Why a pod is over that was longer on its node than it may be, in a kubelet's words. */
export const deadlineExceeded = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
}

/**
 * The moment (milliseconds) from which on the pod may not run any more: so long after its node began with it; undefined
 * where it may run for ever, or was not begun with.
 */
export function deadlineOf({ spec, status }: Pod, told: PodStatus = {}): number | undefined {
  const startTime = status?.startTime ?? told.startTime
  if (spec.activeDeadlineSeconds === undefined || startTime === undefined) return undefined
  return Date.parse(startTime) + spec.activeDeadlineSeconds * 1_000
}
