import type { RecordedEvent } from './log/event.ts'
import type { Witness } from './snapshots.ts'
import type { Superseded } from './superseded.ts'

/** Stands for an event that may be stored only in the log: readers fetch it from there, where it may be gone. */
export type Withheld = { position: bigint; withheld: true }

/** An entry of a segment, in the order of the log. */
export type Kept = RecordedEvent | Withheld

/** A contiguous part of the log: everything after a position (undefined: from the first event) up to another. */
export type Stretch = {
  after: bigint | undefined
  upTo: bigint
  /** Events by which its log is recognised, newest first. */
  witnesses: readonly Witness[]
}

/** Some entries, and the position up to which no more will come. */
export type KeptBatch = { kept: readonly Kept[]; upTo: bigint }

/**
 * What to read. Events of unwanted streams, and those after `upTo`, may be left out; superseded ones are.
 */
export type KeptSpan = {
  after: bigint | undefined
  upTo?: bigint
  isWanted?(stream: string): boolean
  superseded?: Superseded | undefined
}

/**
 * A copy of the newest part of the log on the process's own machine: reading it costs a hundredth of reading the store
 * through its client. It holds no facts: any of it may be lost or deleted at any time. One process writes it.
 */
export interface SegmentStore {
  /** The part of the log that is stored; undefined where nothing is. A truncated end is cut off. */
  stretch(): Promise<Stretch | undefined>
  /** Deletes everything; what is added next follows this position. */
  begin(after: bigint | undefined): Promise<void>
  /**
   * Takes the next entry, without a gap, for the next `write`. Not to be called while one is under way. A superseding
   * one is an event before which nothing in its stream matters to whoever folds all of it.
   */
  add(kept: Kept, isSuperseding?: boolean): void
  /** Stores what was added. When there is too much, the oldest is deleted. */
  write(): Promise<void>
  /** Reads after a position within the stored part, in order. Ends at its end, or earlier where it is damaged. */
  read(span: KeptSpan): AsyncIterable<KeptBatch>
  /**
   * What is superseded of the events after a position within the stored part, up to where they end or are damaged, by
   * others than the last `spared` entries; undefined where nothing is.
   */
  superseded(span: { after: bigint | undefined; spared: number }): Promise<Superseded | undefined>
  close(): Promise<void>
}
