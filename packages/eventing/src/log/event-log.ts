import type { NewEvent, RecordedEvent } from './event.ts'

/** What a writer expects of a stream: no such stream, its last revision, or nothing. */
export type Expected = bigint | 'NoStream' | 'Any'

/** `recorded: false` when another writer was first; `actual` is what the stream's last revision is now. */
export type Appended =
  | { recorded: true; revision: bigint; position: bigint }
  | { recorded: false; actual: bigint | 'NoStream' }

/** Marks in a subscription that everything recorded so far has been delivered. */
export type CaughtUp = { caughtUp: true }

/** What to read of a stream: from a revision on (inclusive), so many at most. */
export type StreamSpan = {
  direction?: 'forwards' | 'backwards'
  from?: bigint
  limit?: number
}

/** What to read of the log: after a position, or from the event at a position on; so many at most. */
export type LogSpan = { after?: bigint | undefined; from?: bigint; limit?: number }

/**
 * The log: the one place where a fact is stored.
 *
 * Every call throws StatusError `ServiceUnavailable` when the store was certainly not reached, and `Timeout` when
 * the outcome of an append is unknown (the same ids may be appended again: they are recorded once). Events above
 * the store's limit are refused with `RequestEntityTooLarge`. A tombstoned stream is refused with `Gone`.
 */
export interface EventLog {
  append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended>
  /**
   * Forwards from `from` (inclusive, default the first) or backwards from `from` (default the last). Absent: nothing.
   */
  readStream(stream: string, span?: StreamSpan): AsyncIterable<RecordedEvent>
  /** Every event of a span (from the first, if it says nothing), the store's own events included. Ends at the head. */
  readAll(span?: LogSpan): AsyncIterable<RecordedEvent>
  /**
   * Every event, the newest first, from the head of this call on or from what stands before a position: for who wants
   * the last ones, and ends when it has them.
   */
  readAllBackwards(before?: bigint): AsyncIterable<RecordedEvent>
  /**
   * As readAll, then goes on live; `CaughtUp` whenever the end was reached. Ends when the signal aborts, throws when
   * the store is lost.
   */
  follow(after: bigint | undefined, signal: AbortSignal): AsyncIterable<RecordedEvent | CaughtUp>
  /** The position of the last event in the log; undefined when it is empty. */
  head(): Promise<bigint | undefined>
  /** Ends a stream for ever; its data is removed (at once, or at the store's next scavenge). */
  tombstone(stream: string): Promise<void>
  /** Keeps only the last events of a stream. */
  limitStream(stream: string, maxCount: number): Promise<void>
  close(): Promise<void>
}
