import { isRefusal } from '@reckon/kubernetes'
import type { RecordedEvent } from './log/event.ts'
import type { EventLog } from './log/event-log.ts'

/** A recorded event by which a log is recognised: only that log has this id at this place. */
export type Witness = { position: string; stream: string; revision: string; id: string }

/** What stands before the records of a snapshot. */
export type SnapshotHead = {
  /** The event at its position first, then some before it, for the store may have removed the newest since. */
  witnesses: readonly Witness[]
  /** Of how many projections it is. */
  projections: number
}

/**
 * A part of one projection's state, by the projection's place in the reader's order. What is `Passing` may not outlive
 * the next snapshot.
 */
export type SnapshotRecord = readonly [projection: number, record: unknown, passing?: 'Passing']

/** Projections as of one position, to be taken record by record. */
export type Snapshot = SnapshotHead & { records: Iterable<SnapshotRecord> }

/** A whole snapshot as it was kept; to be disposed of once its records are read. */
export type KeptSnapshot = SnapshotHead & {
  /** With a text, those may be left out whose JSON does not contain it. */
  records(containing?: string): AsyncIterable<SnapshotRecord>
  /** The JSON of records that contain a text, without the number of their projection, some at a time. */
  texts(containing: string): AsyncIterable<readonly Buffer[]>
  [Symbol.asyncDispose](): Promise<void>
}

/** Where snapshots lie. They may be thrown away at any time: views are then rebuilt from the log. */
export interface SnapshotStore {
  /** The newest of a name. Undefined where there is none, or it is not whole. */
  load(name: string): Promise<KeptSnapshot | undefined>
  /**
   * The newest of a name at or before a position, without what was passing. Undefined where there is none that is
   * whole.
   */
  loadAt(name: string, position: bigint): Promise<KeptSnapshot | undefined>
  /**
   * Keeps another of that name; what older ones are for, the store knows. No more of it is held in memory than a few
   * records.
   */
  save(name: string, snapshot: Snapshot): Promise<void>
}

/** A record's JSON, of what was written of it with its projection's number. */
export const recordIn = (line: Buffer): Buffer => line.subarray(line.indexOf(comma) + 1, -1)

const comma = ','.charCodeAt(0)

/** Where in the log a snapshot stands. */
export const snapshotPosition = ({ witnesses }: Pick<SnapshotHead, 'witnesses'>): bigint =>
  BigInt(witnesses[0]?.position ?? 0)

export const witnessOf = ({ position, stream, revision, id }: RecordedEvent): Witness => ({
  position: String(position),
  stream,
  revision: String(revision),
  id,
})

/**
 * Whether the witnesses' events are this log's: not of another cluster, not of a copy with other positions, not of a
 * log that was set back to before them.
 */
export async function isOfThisLog(log: EventLog, witnesses: readonly Witness[]): Promise<boolean> {
  for (const witness of witnesses) {
    const verdict = await heard(log, witness)
    if (verdict !== 'Removed') return verdict === 'Confirmed'
  }
  return false
}

/** Removed: the stream went on since (a limit dropped the event), or was ended. */
async function heard(
  log: EventLog,
  { position, stream, revision, id }: Witness,
): Promise<'Confirmed' | 'Contradicted' | 'Removed'> {
  try {
    for await (const event of log.readStream(stream, { from: BigInt(revision), limit: 1 })) {
      if (event.revision !== BigInt(revision)) return 'Removed'
      const same = event.id === id && event.position === BigInt(position)
      return same ? 'Confirmed' : 'Contradicted'
    }
    return 'Contradicted'
  } catch (error) {
    if (isRefusal(error, 'Gone')) return 'Removed'
    throw error
  }
}
