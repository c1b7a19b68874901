import type { Headers, Message } from './bus.ts'
import { isSystemEvent, type RecordedEvent } from './event.ts'
import {
  categoryOf,
  eventSubject,
  oversizedHeader,
  positionHeader,
  previousHeader,
} from './wire.ts'

/** What stands in `Previous` where nothing was before. */
const noPosition = '-'

/** An event as the trusted services' wire brings it; without the event itself where it was too large. */
export type WireEvent = {
  position: bigint
  previous: bigint | undefined
  event: RecordedEvent | undefined
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

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
  const headers = { [positionHeader]: String(position), [previousHeader]: encodePosition(previous) }
  const subject = subjectOf(stream)
  return bytes.length <= bytesMax
    ? { subject, data: bytes, headers }
    : { subject, data: new Uint8Array(), headers: { ...headers, [oversizedHeader]: 'true' } }
}

/** The position that a message is about; throws SyntaxError where it names none. */
export const decodePositionOf = ({ headers }: Message): bigint =>
  decodeNumber(headers[positionHeader])

/** The event in a message; throws SyntaxError where it is none. */
export function decodeWireEvent(message: Message): WireEvent {
  const { headers, data } = message
  const position = decodePositionOf(message)
  const previous = decodePosition(headers[previousHeader])
  if (headers[oversizedHeader] !== undefined) return { position, previous, event: undefined }
  const parsed = JSON.parse(decoder.decode(data))
  const { id, type, stream, data: content, metadata } = parsed
  const revision = BigInt(parsed.revision)
  const event = { id, type, stream, revision, position, data: content, metadata }
  return { position, previous, event }
}

/** The message that names the last position of a wire. */
export const encodeHead = (position: bigint | undefined): Uint8Array =>
  encoder.encode(JSON.stringify({ position: encodePosition(position) }))

export const decodeHead = ({ data }: Message): bigint | undefined =>
  decodePosition(JSON.parse(decoder.decode(data)).position)

const encodePosition = (position: bigint | undefined): string =>
  position === undefined ? noPosition : String(position)

const decodePosition = (text: string | undefined): bigint | undefined =>
  text === noPosition ? undefined : decodeNumber(text)

function decodeNumber(text: string | undefined): bigint {
  if (text === undefined || !/^\d+$/.test(text)) throw new SyntaxError(`not a position: ${text}`)
  return BigInt(text)
}

/** Streams that others wrote may bear names that NATS would take for patterns. */
const subjectOf = (stream: string): string =>
  eventSubject(
    categoryOf(stream)
      .split('.')
      .map((token) => token.replace(/[\s*>]/g, '_') || '_')
      .join('.'),
  )
