import { isJsonObject } from '@reckon/kubernetes'
import type { Cluster } from '../cluster.ts'
import type { SavedObject } from '../sealed-object.ts'
import type { StoredObject } from '../stored-object.ts'
import type { SavedKey } from './key-ring.ts'
import type { SavedClaims } from './quota-claims.ts'
import type { SavedReservation } from './reservations.ts'

type SavedHead = { position: string | null; lastEventId: string; cluster: Cluster | null }

/** An object in JSON, by its stream. */
export type SavedEntry = readonly [
  stream: string,
  stored: Omit<SavedObject, 'revision' | 'position'> & { revision: string; position: string },
]

/** One record of the view's snapshot. */
export type SavedRecord =
  | { head: SavedHead }
  | { reservation: SavedReservation }
  | { claims: SavedClaims }
  | { key: SavedKey }
  | { object: SavedEntry }

const parts = ['head', 'reservation', 'claims', 'key', 'object']

/** Parses a record; the snapshot's checksum has already proved that it is one of ours. */
export function savedRecordIn(record: unknown): SavedRecord {
  const isOne = isJsonObject(record) && parts.some((part) => record[part] !== undefined)
  if (isOne) return record as SavedRecord
  throw new Error('a record of the snapshot is none of objects')
}

/** The stream of a record's object, if it is of one. */
export function streamOfRecord(record: unknown): string | undefined {
  const saved = savedRecordIn(record)
  return 'object' in saved ? saved.object[0] : undefined
}

/** Whether a record is a data key, which is in no snapshot once it is destroyed. */
export const isKeyRecord = (record: unknown): boolean =>
  typeof record === 'object' && record !== null && 'key' in record

type Saved = {
  head: SavedHead
  reservations: readonly SavedReservation[]
  claims: readonly SavedClaims[]
  keys: readonly SavedKey[]
  objects: Iterable<readonly [stream: string, stored: SavedObject]>
}

/** The records in the order in which they are restored: keys before what is encrypted with them. */
export function* savedRecords({
  head,
  reservations,
  claims: claimed,
  keys,
  objects,
}: Saved): Generator<SavedRecord> {
  yield { head }
  for (const reservation of reservations) yield { reservation }
  for (const claims of claimed) yield { claims }
  for (const key of keys) yield { key }
  for (const [stream, stored] of objects) yield { object: [stream, savedForm(stored)] }
}

/** The object comes first, `changes` next: so both are found in its JSON without parsing it. */
function savedForm({ object, changes, revision, position, ...rest }: SavedObject): SavedEntry[1] {
  const place = { revision: String(revision), position: String(position) }
  return { ...(object && { object }), changes, ...rest, ...place }
}

/** The record of an object as JSON, as a snapshot has it: of kinds that are not encrypted. */
export const savedText = (stream: string, stored: StoredObject): string =>
  JSON.stringify({ object: [stream, savedForm(stored)] })

/** The object again. */
export function storedIn(text: string): StoredObject {
  const { object: entry }: { object: SavedEntry } = JSON.parse(text)
  const { object, sealedObject: _, revision, position, ...rest } = entry[1]
  if (object === undefined) throw new Error('the snapshot has a text without an object')
  return { ...rest, object, revision: BigInt(revision), position: BigInt(position) }
}

/** What is around an object's stream and the object itself in a record's JSON. Quotes in texts are escaped. */
export const savedParts = {
  beforeStream: '{"object":["',
  between: '",{"object":',
  afterObject: ',"changes":',
} as const
