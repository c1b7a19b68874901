import type { ContainerStatus, PodStatus } from '@reckon/kubernetes'

/** Whether a status says nothing but that the containers are being created. */
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
