import type { Bus } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { RecordedEvent } from '../log/event.ts'
import type { EventLog } from '../log/event-log.ts'
import type { Logger } from '../logger.ts'
import type { SegmentStore } from '../segments.ts'
import type { SnapshotOptions } from './applied.ts'
import type { Projection } from './projection.ts'

export type ReaderPorts = { log: EventLog; bus: Bus; clock: Clock }
export type ReaderOptions = {
  snapshots?: SnapshotOptions
  /** Absent: what is read is not kept on this machine. */
  segments?: SegmentStore
  logger?: Logger
}

/** The views of one process, kept up to the log. */
export interface Reader {
  /** The last event that all projections have applied. */
  readonly position: bigint | undefined
  /** The last position of the log that this reader has heard of. */
  readonly head: bigint | undefined
  /** For how many milliseconds the views have been behind that head; 0 when they are not. */
  readonly lagMs: number
  /** Resolves when the views have first reached the end of the log. */
  readonly ready: Promise<void>
  /** Calls the listener after each event that the views have applied; returns how to end it. */
  subscribe(listener: (event: RecordedEvent) => void): () => void
  /** Resolves to true when all up to the position is applied, to false when that took too long. */
  waitFor(position: bigint, timeoutMs: number): Promise<boolean>
  /**
   * As waitFor, for all that was recorded before this call. Who waits at the same time shares one question to the
   * store; throws `ServiceUnavailable` when the store is away.
   */
  waitForHead(timeoutMs: number): Promise<boolean>
  /** Reads until the signal aborts. Waits out that the log or the wire is away; throws what a projection throws. */
  run(signal: AbortSignal): Promise<void>
}

/** Opens a reader that keeps these projections up to the log. It does not run yet. */
export type OpenReader = (projections: readonly Projection[]) => Reader
