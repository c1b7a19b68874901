import { EncodedEvent, encodedOf } from '../log/encoded-event.ts'
import type { RecordedEvent } from '../log/event.ts'
import type { Wire } from '../reading/wire-follower.ts'
import type { WireEntry } from './frames.ts'
import { eventsHead, trustedEvents } from './wire.ts'
import { decodeHead } from './wire-head.ts'

// An event in a frame: its form (1 byte), its revision (8), the lengths of id, type and stream (2
// each) and metadata (4), then these four and the data.
const headBytes = 19
const forms = ['Nothing', 'Json', 'Bytes'] as const

/** The entry for an event that follows `previous` in the log. Bytes from the store are passed on unchanged. */
export function encodeWireEvent(event: RecordedEvent, previous: bigint | undefined): WireEntry {
  const { form, data, metadata } = encodedOf(event)
  const names = [event.id, event.type, event.stream].map((text) => Buffer.from(text))
  const size = names.reduce((sum, { length }) => sum + length, headBytes + metadata.length)
  const content = Buffer.allocUnsafe(size + data.length)
  let at = content.writeUInt8(forms.indexOf(form), 0)
  at = content.writeBigUInt64BE(event.revision, at)
  for (const { length } of names) at = content.writeUInt16BE(length, at)
  at = content.writeUInt32BE(metadata.length, at)
  for (const part of [...names, metadata, data]) {
    content.set(part, at)
    at += part.length
  }
  return { position: event.position, previous, content }
}

/**
 * Decodes the event of an entry; throws SyntaxError where it is invalid. Data and metadata are parsed on first access.
 */
export function decodeWireEvent(content: Uint8Array, position: bigint): RecordedEvent {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length)
  if (bytes.length < headBytes) throw new SyntaxError('an event is cut')
  const form = forms[bytes.readUInt8(0)]
  if (form === undefined) throw new SyntaxError('an event has an unknown form')
  const revision = bytes.readBigUInt64BE(1)
  let at = headBytes
  const part = (length: number): Buffer => {
    at += length
    if (at > bytes.length) throw new SyntaxError('an event is cut')
    return bytes.subarray(at - length, at)
  }
  const name = (length: number): string => {
    if (length === 0) throw new SyntaxError('an event lacks a name')
    return part(length).toString()
  }
  const id = name(bytes.readUInt16BE(9))
  const type = name(bytes.readUInt16BE(11))
  const stream = name(bytes.readUInt16BE(13))
  const metadata = part(bytes.readUInt32BE(15))
  const data = bytes.subarray(at)
  return new EncodedEvent({ id, type, stream, revision, position }, { form, data, metadata })
}

/** The trusted services' wire for a `WireFollower`. */
export const trustedWire: Wire<RecordedEvent> = {
  events: trustedEvents,
  head: eventsHead,
  decode: decodeWireEvent,
  decodeHead: (message) => decodeHead(message).position,
}
