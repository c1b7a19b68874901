import type { Range, StoredObject } from '@reckon/domain'
import type { Resource } from '@reckon/kubernetes'
import type { PastItem } from './past-item.ts'

/** Objects as they were at a position of the log, including those deleted since. */
interface PastObjects {
  /**
   * An encrypted object whose key was destroyed is returned closed. Finding one Event requires a scan of all, and
   * throws in the same cases.
   */
  get(
    resource: Resource,
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<StoredObject | undefined>
  /** Objects in list order, in batches; folding begins with the first read. Throws once the signal aborts. */
  list(resource: Resource, range: Range, signal: AbortSignal): AsyncIterable<readonly PastItem[]>
  /** As `list`, parsed and one by one. */
  scan(resource: Resource, range: Range, signal: AbortSignal): AsyncIterable<StoredObject>
}

/** The past at any position. */
export interface Past {
  /** Takes a position that the view has reached. */
  at(position: bigint): PastObjects
}
