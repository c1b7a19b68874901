import { conditionOf, isFinished, isReady, type Pod } from '@reckon/kubernetes'

/** Whether the pod counts for its owner: neither ended nor being deleted. */
export const isActive = (pod: Pod): boolean =>
  !isFinished(pod.status) && pod.metadata.deletionTimestamp === undefined

/** Since when the pod is ready, in milliseconds; undefined while it is not. */
export function readySince(pod: Pod): number | undefined {
  const ready = conditionOf(pod.status, 'Ready')
  if (ready?.status !== 'True') return undefined
  return ready.lastTransitionTime === undefined ? 0 : Date.parse(ready.lastTransitionTime)
}

/**
 * When the pod has been ready for as long as its owner requires, in milliseconds; undefined while it is not ready.
 * Without a required time the clock does not matter: 0.
 */
export function availableAt(pod: Pod, minReadySeconds: number): number | undefined {
  if (minReadySeconds === 0) return isReady(pod.status) ? 0 : undefined
  const since = readySince(pod)
  return since === undefined ? undefined : since + minReadySeconds * 1000
}
