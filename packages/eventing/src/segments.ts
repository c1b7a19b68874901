import type { RecordedEvent } from './log/event.ts'
import type { Witness } from './snapshots.ts'

/** In place of an event that may be kept nowhere but in the log: who wants it asks the log, where it may be gone. */
export type Withheld = { position: bigint; withheld: true }

/** What stands in a segment, in the order of the log. */
export type Kept = RecordedEvent | Withheld

/** A part of the log without a gap: everything after a position (undefined: from the first event) up to another. */
export type Stretch = {
  after: bigint | undefined
  upTo: bigint
  /** By which its log is recognised, newest first. */
  witnesses: readonly Witness[]
}

/** Some of it, and the position up to which nothing more of it is to come. */
export type KeptBatch = { kept: readonly Kept[]; upTo: bigint }

/** What to read of it. Of streams that are not wanted the events may be left out. */
export type KeptSpan = {
  after: bigint | undefined
  isWanted?(stream: string): boolean
}

/**
 * A copy of the newest part of the log, as a process has read it, on its own machine: reading it costs a hundredth of
 * what the store and its client cost. It is no record: any of it may be lost or thrown away at any time. One process
 * writes it.
 */
export interface SegmentStore {
  /** What is kept; undefined where nothing is. What is torn at its end is cut off. */
  stretch(): Promise<Stretch | undefined>
  /** Throws away what is kept; what is appended next follows this position. */
  begin(after: bigint | undefined): Promise<void>
  /** Goes on, without a gap. Who appends too much loses the oldest. */
  append(events: readonly Kept[]): Promise<void>
  /**
   * What is kept after a position, which is in the stretch, in order. Ends at its end, or sooner where it is damaged.
   */
  read(span: KeptSpan): AsyncIterable<KeptBatch>
  close(): Promise<void>
}
