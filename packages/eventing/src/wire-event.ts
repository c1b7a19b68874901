import type { Headers, Message } from './bus.ts'
import { isSystemEvent, type RecordedEvent } from './event.ts'
import { fieldsOf, jsonIn, numberIn, textAt } from './parse.ts'
import { parseMetadata } from './parse-metadata.ts'
import type { Wire } from './reading/wire-follower.ts'
import type { WireMessage } from './reading/wire-intake.ts'
import {
  categoryOf,
  eventSubject,
  eventsHead,
  everyEvent,
  oversizedHeader,
  positionHeader,
} from './wire.ts'
import { decodeOrder, decodePosition, encodeOrder, encodePosition } from './wire-order.ts'

/** An event as the trusted services' wire brings it. */
export type WireEvent = WireMessage<RecordedEvent>

const encoder = new TextEncoder()

/** The message for an event that follows `previous` in the log. */
export function encodeWireEvent(
  event: RecordedEvent,
  previous: bigint | undefined,
  bytesMax: number,
): { subject: string; data: Uint8Array; headers: Headers } {
  const { id, type, stream, revision, position, data, metadata } = event
  const bare = { id, type, stream, revision: String(revision) }
  const bytes = encoder.encode(
    JSON.stringify(isSystemEvent(event) ? bare : { ...bare, data, metadata }),
  )
  const headers = encodeOrder(position, previous)
  const subject = subjectOf(stream)
  return bytes.length <= bytesMax
    ? { subject, data: bytes, headers }
    : { subject, data: new Uint8Array(), headers: { ...headers, [oversizedHeader]: 'true' } }
}

/** The event in a message; throws SyntaxError where it is none. */
export function decodeWireEvent(message: Message): WireEvent {
  const { headers } = message
  const { position, previous } = decodeOrder(message)
  if (headers[oversizedHeader] !== undefined) return { position, previous, content: undefined }
  const fields = fieldsOf(jsonIn(message.data))
  const event = {
    id: textAt(fields, 'id'),
    type: textAt(fields, 'type'),
    stream: textAt(fields, 'stream'),
    revision: numberIn(fields.revision),
    position,
    data: fields.data,
    metadata: parseMetadata(fields.metadata),
  }
  return { position, previous, content: event }
}

/** The message that names the last position of a wire. */
export const encodeHead = (position: bigint | undefined): Uint8Array =>
  encoder.encode(JSON.stringify({ position: encodePosition(position) }))

export const decodeHead = ({ data }: Message): bigint | undefined =>
  decodePosition(fieldsOf(jsonIn(data)).position)

/** The trusted services' wire, as each of them follows it. */
export const trustedWire: Wire<RecordedEvent> = {
  events: everyEvent,
  head: eventsHead,
  decodePosition: ({ headers }) => numberIn(headers[positionHeader]),
  decode: decodeWireEvent,
  decodeHead,
}

/** Streams that others wrote may bear names that NATS would take for patterns. */
const subjectOf = (stream: string): string =>
  eventSubject(
    categoryOf(stream)
      .split('.')
      .map((token) => token.replace(/[\s*>\p{Cc}]/gu, '_') || '_')
      .join('.'),
  )
