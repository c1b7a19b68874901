import { type Channel, channels } from './stream-request.ts'

/** The types of stream messages. */
export type StreamContent =
  /** Begins it: a `StreamRequest`. */
  | { type: 'Open'; payload: Uint8Array }
  /** The node has accepted the request. */
  | { type: 'Opened' }
  | { type: 'Data'; channel: Channel; payload: Uint8Array }
  /** Extends the channel's window by so many bytes. */
  | { type: 'Credit'; channel: Channel; bytes: number }
  /** Closes one direction of the channel. */
  | { type: 'Close'; channel: Channel }
  /** A sign of life. */
  | { type: 'Alive' }
  /** Ends it: a `StreamOutcome`. */
  | { type: 'End'; payload: Uint8Array }

/** `number` counts one end's messages in a stream, from 0, so that a lost or repeated message is noticed. */
export type StreamFrame = { stream: string; number: number; content: StreamContent }

const types = ['Open', 'Opened', 'Data', 'Credit', 'Close', 'Alive', 'End'] as const

// A message: type (1 byte), channel (1), number (4), length of the stream's id (1), the id, and the payload.
const headBytes = 7
/** The maximum overhead of a frame. */
export const frameBytesMax = headBytes + 255
const nothing = new Uint8Array()
/** The stream's id is a token of a subject. */
const idForm = /^[\w-]{1,64}$/
/** Said by who knows of no stream: whatever was heard before is older. */
export const lastNumber = 2 ** 32 - 1

/** Encodes one message of a stream. */
export function encodeStreamFrame({ stream, number, content }: StreamFrame): Uint8Array {
  const payload = payloadOf(content)
  const channel = 'channel' in content ? channels.indexOf(content.channel) : 0
  const id = Buffer.from(stream, 'latin1')
  const bytes = Buffer.allocUnsafe(headBytes + id.length + payload.length)
  bytes.writeUInt8(types.indexOf(content.type), 0)
  bytes.writeUInt8(channel, 1)
  bytes.writeUInt32BE(number, 2)
  bytes.writeUInt8(id.length, 6)
  bytes.set(id, headBytes)
  bytes.set(payload, headBytes + id.length)
  return bytes
}

/** Decodes a message; the payload is a view into it. Throws SyntaxError where it is malformed. */
export function decodeStreamFrame(message: Uint8Array): StreamFrame {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.length)
  if (bytes.length < headBytes) throw new SyntaxError('a frame is cut')
  const begin = headBytes + bytes.readUInt8(6)
  if (bytes.length < begin) throw new SyntaxError('a frame is cut')
  const content = contentIn(types[bytes.readUInt8(0)], bytes.readUInt8(1), bytes.subarray(begin))
  const stream = bytes.toString('latin1', headBytes, begin)
  if (!idForm.test(stream)) throw new SyntaxError('a frame is of no stream')
  return { stream, number: bytes.readUInt32BE(2), content }
}

function payloadOf(content: StreamContent): Uint8Array {
  if ('payload' in content) return content.payload
  if (content.type !== 'Credit') return nothing
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE(content.bytes)
  return bytes
}

function contentIn(
  type: (typeof types)[number] | undefined,
  channelNumber: number,
  payload: Buffer,
): StreamContent {
  if (type === 'Opened' || type === 'Alive') return { type }
  if (type === 'Open' || type === 'End') return { type, payload }
  if (type === undefined) throw new SyntaxError('a frame is of no type')
  const channel = channels[channelNumber]
  if (channel === undefined) throw new SyntaxError('a frame is of no channel')
  if (type === 'Data') return { type, channel, payload }
  if (type === 'Close') return { type, channel }
  if (payload.length !== 4) throw new SyntaxError('a credit is no number')
  return { type, channel, bytes: payload.readUInt32BE() }
}
