import type { Range, StoredObject } from '@reckon/domain'
import type { Resource } from '@reckon/kubernetes'

/** The objects as they were at a position of the log, those among them that are gone since. */
interface PastObjects {
  /**
   * What was encrypted, and whose key is destroyed, is closed. An Event costs a scan of all, and throws as that does.
   */
  get(
    resource: Resource,
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<StoredObject | undefined>
  /**
   * In the order of lists, folded when it is first asked. Throws once the signal aborts: nobody waits for it any more.
   */
  scan(resource: Resource, range: Range, signal: AbortSignal): AsyncIterable<StoredObject>
}

/** Every state that the log has seen. */
export interface Past {
  /** A position that the view has reached. */
  at(position: bigint): PastObjects
}
