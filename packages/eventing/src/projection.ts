import type { RecordedEvent } from './event.ts'

/**
 * A view of the log: a fold with its own position. `apply` is called once for every event, in the order of
 * positions, the store's own events included (they only move the position).
 */
export interface Projection {
  readonly position: bigint | undefined
  apply(event: RecordedEvent): void
  /** Tells apart snapshots that one projection cannot restore from another's; part of their name. */
  readonly form?: string
  /** The whole state as JSON, to be loaded by `restore` of an equal version; absent where a rebuild is always cheap. */
  snapshot?(): unknown
  restore?(snapshot: unknown): void
}
