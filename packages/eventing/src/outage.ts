import { isRefusal } from '@reckon/kubernetes'

/** Whether the world failed, not we: the log or the wire is away, and a loop may try again. */
export const isOutage = (error: unknown): boolean =>
  isRefusal(error, 'ServiceUnavailable') || isRefusal(error, 'Timeout')
