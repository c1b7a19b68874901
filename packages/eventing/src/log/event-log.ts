import type { NewEvent, RecordedEvent } from './event.ts'

/** The stream's expected revision: no stream yet, its last revision, or anything. */
export type Expected = bigint | 'NoStream' | 'Any'

/** `recorded: false` where another writer was first; `actual` is then the stream's last revision. */
export type Appended =
  | { recorded: true; revision: bigint; position: bigint }
  | { recorded: false; actual: bigint | 'NoStream' }

/** An item of a subscription: everything recorded so far has been delivered. */
export type CaughtUp = { caughtUp: true }

/** Which part of a stream to read: from a revision (inclusive), at most `limit` events. */
export type StreamSpan = {
  direction?: 'forwards' | 'backwards'
  from?: bigint
  limit?: number
}

/** Which part of the log to read: after a position, or from a position on (inclusive); at most `limit` events. */
export type LogSpan = { after?: bigint | undefined; from?: bigint; limit?: number }

/**
 * The log: the one place where facts are stored.
 *
 * Every call throws StatusError `ServiceUnavailable` when the store was certainly not reached, and `Timeout` when the
 * outcome of an append is unknown (the same ids may be appended again: they are recorded once). Events above the
 * store's limit are refused with `RequestEntityTooLarge`. A tombstoned stream is refused with `Gone`.
 */
export interface EventLog {
  append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended>
  /**
   * Reads forwards from `from` (inclusive, by default the first) or backwards from `from` (by default the last). A
   * stream that does not exist yields nothing.
   */
  readStream(stream: string, span?: StreamSpan): AsyncIterable<RecordedEvent>
  /** Reads a span (from the first event by default), the store's own events included. Ends at the head. */
  readAll(span?: LogSpan): AsyncIterable<RecordedEvent>
  /**
   * Reads backwards from the head, or from before a position, for callers that want the last events and stop when they
   * have them.
   */
  readAllBackwards(before?: bigint): AsyncIterable<RecordedEvent>
  /**
   * As `readAll`, then continues live; yields `CaughtUp` whenever the end is reached. Ends when the signal aborts, and
   * throws when the store is lost.
   */
  follow(after: bigint | undefined, signal: AbortSignal): AsyncIterable<RecordedEvent | CaughtUp>
  /** The position of the last event; undefined where the log is empty. */
  head(): Promise<bigint | undefined>
  /** Closes a stream for ever; its data is removed (at once, or at the store's next scavenge). */
  tombstone(stream: string): Promise<void>
  /** Keeps only the last events of a stream. */
  limitStream(stream: string, maxCount: number): Promise<void>
  close(): Promise<void>
}
