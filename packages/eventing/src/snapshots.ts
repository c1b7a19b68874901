import { isRefusal } from '@reckon/kubernetes'
import type { RecordedEvent } from './log/event.ts'
import type { EventLog } from './log/event-log.ts'

/** An event by which a log is recognised: only that log has this id at this place. */
export type Witness = { position: string; stream: string; revision: string; id: string }

/** The first part of a snapshot. */
export type SnapshotHead = {
  /**
   * The event at the snapshot's position first, then some earlier ones, because the store may have removed the newest
   * since.
   */
  witnesses: readonly Witness[]
  /** The number of projections. */
  projections: number
}

/**
 * A part of one projection's state; projections are numbered by their order in the reader. A `Passing` record must not
 * outlive the next snapshot.
 */
export type SnapshotRecord = readonly [projection: number, record: unknown, passing?: 'Passing']

/** Projections as of one position, to be consumed record by record. */
export type Snapshot = SnapshotHead & { records: Iterable<SnapshotRecord> }

/** A stored snapshot that is complete; to be disposed of once its records are read. */
export type KeptSnapshot = SnapshotHead & {
  /** Given a text, records whose JSON does not contain it may be left out. */
  records(containing?: string): AsyncIterable<SnapshotRecord>
  /** The JSON of records that contain a text, without the projection's number, some at a time. */
  texts(containing: string): AsyncIterable<readonly Buffer[]>
  [Symbol.asyncDispose](): Promise<void>
}

/** Stores snapshots. They may be deleted at any time: views are then rebuilt from the log. */
export interface SnapshotStore {
  /** The newest snapshot of a name; undefined where there is none that is complete. */
  load(name: string): Promise<KeptSnapshot | undefined>
  /**
   * The newest snapshot of a name at or before a position, without passing records; undefined where there is none that
   * is complete.
   */
  loadAt(name: string, position: bigint): Promise<KeptSnapshot | undefined>
  /**
   * Stores another snapshot of that name; the store decides which older ones it keeps. At most a few records are in
   * memory at a time.
   */
  save(name: string, snapshot: Snapshot): Promise<void>
}

/** The JSON of a record, taken from its stored line, which also has the projection's number. */
export const recordIn = (line: Buffer): Buffer => line.subarray(line.indexOf(comma) + 1, -1)

const comma = ','.charCodeAt(0)

/** The position of a snapshot. */
export const snapshotPosition = ({ witnesses }: Pick<SnapshotHead, 'witnesses'>): bigint =>
  BigInt(witnesses[0]?.position ?? 0)

export const witnessOf = ({ position, stream, revision, id }: RecordedEvent): Witness => ({
  position: String(position),
  stream,
  revision: String(revision),
  id,
})

/**
 * Whether the witnesses' events are in this log. They are not in that of another cluster, in a copy with other
 * positions, or in a log that was restored to an earlier state.
 */
export async function isOfThisLog(log: EventLog, witnesses: readonly Witness[]): Promise<boolean> {
  for (const witness of witnesses) {
    const verdict = await heard(log, witness)
    if (verdict !== 'Removed') return verdict === 'Confirmed'
  }
  return false
}

/** `Removed` where the stream has dropped the event since (by its limit), or was tombstoned. */
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
