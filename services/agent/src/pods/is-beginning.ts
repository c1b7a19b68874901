import type { ContainerStatus, PodStatus } from '@reckon/kubernetes'

/** Whether nothing is to be told of a pod but that its containers are being made. */
export const isBeginning = ({
  initContainerStatuses = [],
  containerStatuses = [],
}: PodStatus): boolean => [...initContainerStatuses, ...containerStatuses].every(isBeingMade)

const isBeingMade = ({ state, lastState, restartCount }: ContainerStatus): boolean =>
  restartCount === 0 &&
  lastState?.terminated === undefined &&
  state?.waiting !== undefined &&
  state.waiting.message === undefined &&
  (state.waiting.reason === 'ContainerCreating' || state.waiting.reason === 'PodInitializing')
