import type { ObjectChange } from '@reckon/domain'

/**
 * What happened to one object, and where in the log: without its event, which would keep all that it came in in memory.
 */
export type WatchedChange = Omit<ObjectChange, 'event'> & { position: bigint }
