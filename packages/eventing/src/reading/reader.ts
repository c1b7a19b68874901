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
  /** Without it, nothing that is read is kept on this machine. */
  segments?: SegmentStore
  /** What the newest so many events of the segments supersede is read all the same; Infinity: nothing is left out. */
  sparedEvents?: number
  logger?: Logger
}

/** Keeps the views of a process up to the log. */
export interface Reader {
  /** The position of the last event that all projections have applied. */
  readonly position: bigint | undefined
  /** The last position of the log that this reader knows of. */
  readonly head: bigint | undefined
  /** For how many milliseconds the views have been behind that head; 0 while they are not. */
  readonly lagMs: number
  /** Resolves when the views reach the end of the log for the first time. */
  readonly ready: Promise<void>
  /** Calls the listener after each event that the views have applied; returns the function that ends it. */
  subscribe(listener: (event: RecordedEvent) => void): () => void
  /** Resolves to whether everything up to the position was applied in time. */
  waitFor(position: bigint, timeoutMs: number): Promise<boolean>
  /**
   * As `waitFor`, for everything recorded before this call. Simultaneous callers share one request to the store. Throws
   * `ServiceUnavailable` when the store is away.
   */
  waitForHead(timeoutMs: number): Promise<boolean>
  /** Reads until the signal aborts. Waits while the log or the wire is away; throws what a projection throws. */
  run(signal: AbortSignal): Promise<void>
}

/** Opens a reader that keeps these projections up to the log. It does not run yet. */
export type OpenReader = (projections: readonly Projection[]) => Reader
