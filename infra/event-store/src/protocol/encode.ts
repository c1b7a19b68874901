import streamMessages from '@eventstore/db-client/generated/streams_pb.js'
import type { ProposedEvent } from '../appending/proposed-event.ts'
import { fieldSize, varintSize, WireWriter } from './wire.ts'

/** The revision of `$streamDeleted`, EventStoreDB's largest, stands in the file as this one. */
export const tombstoneRevision = Number.MAX_SAFE_INTEGER
const largestRevision = Buffer.from('ffffffffffffffff7f', 'hex')

/** A UUID's sixteen bytes as text. */
function uuidText(id: Buffer): string {
  const hex = id.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Where and when an event was recorded. */
export interface Recording {
  readonly streamName: Buffer
  readonly revision: number
  readonly position: number
  readonly createdMs: number
}

/**
 * The whole `ReadResp` in which a reader receives the event. It is stored as it stands here, so
 * that reading needs no codec at all. `created` counts .NET ticks (100 ns) since the Unix epoch.
 */
export function encodeRecordedEvent(event: ProposedEvent, recording: Recording): Buffer {
  const { streamName, revision, position, createdMs } = recording
  const created = `${createdMs}0000`
  const typeLength = Buffer.byteLength(event.type)
  const positionSize = 1 + varintSize(position)
  const revisionSize = revision === tombstoneRevision ? 9 : varintSize(revision)
  const typeEntry = 6 + fieldSize(typeLength)
  const contentEntry = 14 + fieldSize(event.contentType.length)
  const createdEntry = 9 + fieldSize(created.length)
  const recorded =
    fieldSize(38) +
    fieldSize(fieldSize(streamName.length)) +
    (1 + revisionSize) +
    2 * positionSize +
    fieldSize(typeEntry) +
    fieldSize(contentEntry) +
    fieldSize(createdEntry) +
    fieldSize(event.metadata.length) +
    fieldSize(event.data.length)
  const readEvent = fieldSize(recorded) + positionSize
  const writer = new WireWriter(fieldSize(readEvent))
  writer.open(0x0a, readEvent)
  writer.open(0x0a, recorded)
  writer.open(0x0a, 38)
  writer.text(0x12, uuidText(event.id), 36)
  writer.open(0x12, fieldSize(streamName.length))
  writer.bytes(0x1a, streamName)
  if (revision === tombstoneRevision) {
    writer.raw(Buffer.from([0x18]))
    writer.raw(largestRevision)
  } else writer.number(0x18, revision)
  writer.number(0x20, position)
  writer.number(0x28, position)
  writer.open(0x32, typeEntry)
  writer.text(0x0a, 'type', 4)
  writer.text(0x12, event.type, typeLength)
  writer.open(0x32, contentEntry)
  writer.text(0x0a, 'content-type', 12)
  writer.text(0x12, event.contentType, event.contentType.length)
  writer.open(0x32, createdEntry)
  writer.text(0x0a, 'created', 7)
  writer.text(0x12, created, created.length)
  writer.bytes(0x3a, event.metadata)
  writer.bytes(0x42, event.data)
  writer.number(0x18, position)
  return writer.buffer
}

/** The data inside a stored `ReadResp`. */
export function decodeData(message: Uint8Array): Uint8Array {
  const event = streamMessages.ReadResp.deserializeBinary(message).getEvent()?.getEvent()
  if (event === undefined) throw new RangeError('a stored message holds no event')
  return event.getData_asU8()
}

/** Where an append ended; without a position where nothing was appended. */
export interface AppendedTo {
  readonly lastRevision: number
  readonly position: number | undefined
}

/** The `BatchAppendResp` of an append that succeeded. */
export function encodeBatchAppendSuccess(
  correlation: Buffer,
  streamName: string,
  { lastRevision, position }: AppendedTo,
): Buffer {
  const nameLength = Buffer.byteLength(streamName)
  const revisionSize = lastRevision < 0 ? 2 : 1 + varintSize(lastRevision)
  const positionLength = position === undefined ? 0 : 2 * (1 + varintSize(position))
  const success = revisionSize + fieldSize(positionLength)
  const size = fieldSize(correlation.length) + fieldSize(success) + fieldSize(fieldSize(nameLength))
  const writer = new WireWriter(size)
  writer.bytes(0x0a, correlation)
  writer.open(0x1a, success)
  if (lastRevision < 0) writer.open(0x12, 0)
  else writer.number(0x08, lastRevision)
  if (position === undefined) writer.open(0x22, 0)
  else {
    writer.open(0x1a, positionLength)
    writer.number(0x08, position)
    writer.number(0x10, position)
  }
  writer.open(0x22, fieldSize(nameLength))
  writer.text(0x1a, streamName, nameLength)
  return writer.buffer
}
