import type { RecordedEvent } from '../log/event.ts'

/**
 * A view of the log: a fold with its own position. `apply` is called once for every event, in the order of
 * positions, the store's own events included (they only move the position).
 */
export interface Projection {
  readonly position: bigint | undefined
  apply(event: RecordedEvent): void
  /** Whether an event may be kept nowhere but in the log, which is to forget it for ever. */
  isWithheld?(event: RecordedEvent): boolean
  /** Tells apart snapshots that one projection cannot restore from another's; part of their name. */
  readonly form?: string
  /**
   * The whole state at the call as JSON records, for `restore` of an equal version; absent where a rebuild is always
   * cheap. Events may be applied while the records are taken one by one: they tell the state at the call all the same.
   */
  snapshot?(): Iterable<unknown>
  /**
   * Whether a record may not outlive the next snapshot: it would tell for ever what the log is to forget, a data key.
   * The log alone tells it about the past.
   */
  isPassing?(record: unknown): boolean
  /** Takes one record after the other, in their order, before any event. */
  restore?(record: unknown): void
}
