import { isFinished, type PodStatus } from '@reckon/kubernetes'

/** Whether the status says that the node evicted the pod. */
export const isEvicted = (status: PodStatus | undefined): boolean =>
  isFinished(status) && status?.reason === 'Evicted'
