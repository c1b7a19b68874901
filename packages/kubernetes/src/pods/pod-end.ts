import type { Pod } from '../object.ts'

/** Upstream's default. */
export const graceSecondsDefault = 30

/** Whether all the pod's containers have ended and none will start again. */
export const isFinished = (status: { phase?: string } | undefined): boolean =>
  status?.phase === 'Succeeded' || status?.phase === 'Failed'

/** How long the pod's containers have between SIGTERM and SIGKILL: as its deletion says, else the pod itself. */
export const graceSecondsOf = ({ metadata, spec }: Pod): number =>
  metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? graceSecondsDefault
