import type { ObjectChange } from '@reckon/domain'

/**
 * A change of one object with its position in the log, but without its event, which would keep its whole payload in
 * memory.
 */
export type WatchedChange = Omit<ObjectChange, 'event'> & { position: bigint }
