import {
  ANY,
  type AppendExpectedRevision,
  type EventData,
  type EventType,
  type EventTypeToRecordedEvent,
  NO_STREAM,
} from '@eventstore/db-client'
import { StatusError } from '@reckon/kubernetes'
import { EncodedEvent } from '../log/encoded-event.ts'
import { isSystemEvent, type Metadata, type NewEvent, type RecordedEvent } from '../log/event.ts'
import { decodeCompressed, encodeData } from '../log/event-data.ts'
import type { Expected } from '../log/event-log.ts'

/**
 * An event as the client sends it. The patched client takes data that is already JSON from `json`; the published one
 * uses `data` only.
 */
type SentEvent = EventData & { json?: string }

/** An event as the client sends it, and the size of its data. Large data goes as gzip; metadata is always JSON. */
export function toEventData({ id, type, data, metadata }: NewEvent): {
  eventData: SentEvent
  size: number
} {
  const stored = encodeData(data)
  const { size } = stored
  if (stored.contentType === 'application/octet-stream') {
    const { contentType, bytes } = stored
    return { eventData: { id, type, contentType, data: bytes, metadata }, size }
  }
  const { contentType, json } = stored
  return {
    eventData: { id, type, contentType, data: (data ?? null) as never, json, metadata },
    size,
  }
}

/** A recorded event as the client returns it. The patched client also returns the stored bytes. */
type ReceivedEvent = EventTypeToRecordedEvent<EventType> & {
  encoded?: { data: Uint8Array; metadata: Uint8Array }
}

/**
 * Converts the client's recorded event; its position is the commit position. With the stored bytes, a damaged event
 * fails when its content is first read; without them, this call throws `InternalError`. Retrying would not help.
 */
export function toRecordedEvent(recorded: ReceivedEvent): RecordedEvent {
  const { id, type, streamId: stream, revision, position } = recorded
  if (position === undefined) {
    throw new StatusError(
      'InternalError',
      'the event store is older than 22.6: it tells no positions',
    )
  }
  const place = { id, type, stream, revision, position: position.commit }
  if (isSystemEvent(place)) return { ...place, data: undefined, metadata: undefined }
  if (recorded.encoded !== undefined) {
    const form = recorded.isJson ? 'Json' : 'Bytes'
    return new EncodedEvent(place, { form, ...recorded.encoded })
  }
  const metadata = recorded.metadata as Metadata | undefined
  if (recorded.isJson) return { ...place, data: recorded.data, metadata }
  try {
    return { ...place, data: decodeCompressed(recorded.data as Uint8Array), metadata }
  } catch (error) {
    const message = `event ${id} of stream "${stream}" is damaged`
    throw new StatusError('InternalError', message, undefined, { cause: error })
  }
}

export const expectedRevisionOf = (expected: Expected): AppendExpectedRevision =>
  expected === 'Any' ? ANY : expected === 'NoStream' ? NO_STREAM : expected
