import type { Bus } from './bus.ts'
import type { Clock } from './clock.ts'
import type { EventLog } from './event-log.ts'
import type { Logger } from './logger.ts'
import type { Projection } from './projection.ts'
import type { SnapshotStore } from './snapshots.ts'

export type ReaderOptions = {
  /** The name under which snapshots are kept; no snapshots without it. */
  snapshots?: { store: SnapshotStore; name: string; everyEvents?: number }
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
  /** Resolves when the views have first reached the head. */
  readonly ready: Promise<void>
  /** Resolves to true when all up to the position is applied, to false when it took too long. */
  waitFor(position: bigint, timeoutMs: number): Promise<boolean>
  /**
   * Resolves to true when all that was recorded before this call is applied. Everyone who waits in the same turn shares
   * one question to the store; throws `ServiceUnavailable` when the store is away.
   */
  waitForHead(timeoutMs: number): Promise<boolean>
  /** Reads until the signal aborts; the log or the wire being away is waited out. */
  run(signal: AbortSignal): Promise<void>
}

export function createReader(
  ports: { log: EventLog; bus: Bus; clock: Clock },
  projections: readonly Projection[],
  options?: ReaderOptions,
): Reader {
  throw new Error(`not yet: ${[ports, projections, options].length}`)
}
