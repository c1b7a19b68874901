import type { Pod } from '@reckon/kubernetes'

const readyOf = (pod: Pod) => pod.status?.conditions?.find(({ type }) => type === 'Ready')

/** Whether the pod counts for its owner: not ended and not on its way out. */
export const isActive = (pod: Pod): boolean =>
  !['Succeeded', 'Failed'].includes(pod.status?.phase ?? '') &&
  pod.metadata.deletionTimestamp === undefined

export const isReady = (pod: Pod): boolean => readyOf(pod)?.status === 'True'

/** Since when the pod is ready, in milliseconds; undefined while it is not. */
export function readySince(pod: Pod): number | undefined {
  const ready = readyOf(pod)
  if (ready?.status !== 'True') return undefined
  return ready.lastTransitionTime === undefined ? 0 : Date.parse(ready.lastTransitionTime)
}

/** When the pod has been ready for as long as its owner asks, in milliseconds; undefined while it is not ready. */
export function availableAt(pod: Pod, minReadySeconds: number): number | undefined {
  const since = readySince(pod)
  return since === undefined ? undefined : since + minReadySeconds * 1000
}
