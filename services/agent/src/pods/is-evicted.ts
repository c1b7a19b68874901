import { isFinished, type PodStatus } from '@reckon/kubernetes'

/** Whether its node got rid of the pod, and has told so. */
export const isEvicted = (status: PodStatus | undefined): boolean =>
  isFinished(status) && status?.reason === 'Evicted'
