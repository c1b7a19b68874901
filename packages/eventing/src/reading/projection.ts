import type { RecordedEvent } from '../log/event.ts'

/**
 * A view of the log: a fold with its own position. `apply` is called once for every event, in the order of
 * positions, the store's own events included (they only move the position).
 */
export interface Projection {
  readonly position: bigint | undefined
  apply(event: RecordedEvent): void
  /** Whether an event may be stored only in the log, because the log may have to forget it for ever. */
  isWithheld?(event: RecordedEvent): boolean
  /**
   * Whether nothing before this event in its stream matters to the projection; asked once that is applied. Where every
   * projection has it and agrees, a rebuild may leave out what is before. Until it is past that, the projections lack
   * some of what was there at their position.
   */
  supersedes?(event: RecordedEvent): boolean
  /** Part of a snapshot's name: distinguishes snapshots of which one form cannot restore the other's. */
  readonly form?: string
  /**
   * The whole state as of this call, as JSON records for `restore` of the same version; absent where a rebuild is
   * always cheap. Events may be applied while the records are consumed one by one: the records are as of the call all
   * the same.
   */
  snapshot?(): Iterable<unknown>
  /**
   * Whether a record must not outlive the next snapshot, because it contains what the log may have to forget: a data
   * key. Of the past only the log knows it.
   */
  isPassing?(record: unknown): boolean
  /**
   * The key by which a record is found in a snapshot without reading all of it. Records whose keys have the same prefix
   * should be close together.
   */
  keyOf?(record: unknown): string | undefined
  /** Takes the records one by one, in order, before any event. */
  restore?(record: unknown): void
}
