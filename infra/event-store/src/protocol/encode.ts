import streamMessages from '@eventstore/db-client/generated/streams_pb.js'
import type { ProposedEvent } from '../appending/proposed-event.ts'
import { finished, newWriter } from './wire.ts'

/** The stored revision of `$streamDeleted`, in place of EventStoreDB's largest. */
export const tombstoneRevision = Number.MAX_SAFE_INTEGER
export const largestRevision = '9223372036854775807'

/** A UUID's sixteen bytes as text. */
function uuidText(id: Buffer): string {
  const hex = id.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Where and when an event was recorded. */
export interface Recording {
  readonly stream: string
  readonly revision: number
  readonly position: number
  readonly createdMs: number
}

/**
 * The whole `ReadResp` in which a reader receives the event. It is stored in this form, so that reading needs no codec.
 * `created` counts .NET ticks (100 ns) since the Unix epoch.
 */
export function encodeRecordedEvent(event: ProposedEvent, recording: Recording): Buffer {
  const { stream, revision, position, createdMs } = recording
  const writer = newWriter()
  writer.uint32(0x0a).fork()
  writer.uint32(0x0a).fork()
  writer.uint32(0x0a).fork().uint32(0x12).string(uuidText(event.id)).ldelim()
  writer.uint32(0x12).fork().uint32(0x1a).string(stream).ldelim()
  writer.uint32(0x18).uint64(revision === tombstoneRevision ? largestRevision : revision)
  writer.uint32(0x20).uint64(position)
  writer.uint32(0x28).uint64(position)
  metadataEntry(writer, 'type', event.type)
  metadataEntry(writer, 'content-type', event.contentType)
  metadataEntry(writer, 'created', `${createdMs}0000`)
  writer.uint32(0x3a).bytes(event.metadata)
  writer.uint32(0x42).bytes(event.data)
  writer.ldelim().uint32(0x18).uint64(position)
  return finished(writer.ldelim())
}

function metadataEntry(writer: ReturnType<typeof newWriter>, key: string, value: string): void {
  writer.uint32(0x32).fork().uint32(0x0a).string(key).uint32(0x12).string(value).ldelim()
}

/** The data inside a stored `ReadResp`. */
export function decodeData(message: Uint8Array): Uint8Array {
  const event = streamMessages.ReadResp.deserializeBinary(message).getEvent()?.getEvent()
  if (event === undefined) throw new RangeError('a stored message holds no event')
  return event.getData_asU8()
}

/** The end of an append; without a position where nothing was appended. */
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
  const writer = newWriter()
  writer.uint32(0x0a).bytes(correlation)
  writer.uint32(0x1a).fork()
  if (lastRevision < 0) writer.uint32(0x12).uint32(0)
  else writer.uint32(0x08).uint64(lastRevision)
  if (position === undefined) writer.uint32(0x22).uint32(0)
  else {
    writer.uint32(0x1a).fork()
    writer.uint32(0x08).uint64(position).uint32(0x10).uint64(position)
    writer.ldelim()
  }
  writer.ldelim().uint32(0x22).fork().uint32(0x1a).string(streamName).ldelim()
  return finished(writer)
}
