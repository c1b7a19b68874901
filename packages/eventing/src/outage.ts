import { isRefusal } from '@reckon/kubernetes'

/** Whether the outside world failed rather than we: the log or the wire is away, and a loop may retry. */
export const isOutage = (error: unknown): boolean =>
  isRefusal(error, 'ServiceUnavailable') || isRefusal(error, 'Timeout')
