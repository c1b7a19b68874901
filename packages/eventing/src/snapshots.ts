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

/** How a record is stored. */
export type AboutRecord = {
  /** A key by which the record can be found without reading the others. */
  key?: string | undefined
  /** A passing record must not outlive the next snapshot. */
  isPassing?: boolean
}

/** A part of one projection's state; projections are numbered by their order in the reader. */
export type SnapshotRecord = readonly [projection: number, record: unknown, about?: AboutRecord]

/** Projections as of one position, to be consumed record by record. */
export type Snapshot = SnapshotHead & { records: Iterable<SnapshotRecord> }

/** A stored snapshot; to be disposed of once its records are read. */
export type KeptSnapshot = SnapshotHead & {
  records(): AsyncIterable<SnapshotRecord>
  /**
   * The records whose keys begin with one of these prefixes, and possibly some others; undefined where a part of these
   * is damaged. Throws once the signal aborts.
   */
  texts(
    prefixes: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly RecordTexts[] | undefined>
  [Symbol.asyncDispose](): Promise<void>
}

/** The JSON of records, without the projections' numbers: where each begins and ends in bytes that nobody else has. */
export type RecordTexts = { bytes: Buffer<ArrayBuffer>; begins: Uint32Array; ends: Uint32Array }

/** Stores snapshots. They may be deleted at any time: views are then rebuilt from the log. */
export interface SnapshotStore {
  /** The newest snapshot of a name, after verifying all of it; undefined where there is none. */
  load(name: string): Promise<KeptSnapshot | 'Damaged' | undefined>
  /**
   * The newest snapshot of a name at or before a position, without passing records. Its records are verified when they
   * are read. Undefined where there is none that was written to its end.
   */
  loadAt(name: string, position: bigint): Promise<KeptSnapshot | undefined>
  /**
   * Stores another snapshot of that name; the store decides which older ones it keeps. At most a few records are in
   * memory at a time.
   */
  save(name: string, snapshot: Snapshot): Promise<void>
}

/** Finds the records in their stored lines, which also have the projections' numbers. */
export function textsIn(lines: Buffer<ArrayBuffer>): RecordTexts {
  const begins: number[] = []
  const ends: number[] = []
  for (let at = 0; at < lines.length; ) {
    const end = lines.indexOf(newline, at)
    while (lines[at] !== comma) at++
    begins.push(at + 1)
    ends.push(end - 1)
    at = end + 1
  }
  return { bytes: lines, begins: Uint32Array.from(begins), ends: Uint32Array.from(ends) }
}

const comma = ','.charCodeAt(0)
const newline = '\n'.charCodeAt(0)

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
