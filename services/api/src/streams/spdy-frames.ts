/** A SPDY/3.1 frame, as far as Kubernetes' clients use it; `Other` is ignored. Headers are still compressed. */
export type SpdyFrame =
  | { type: 'Data'; stream: number; isLast: boolean; bytes: Uint8Array }
  | { type: 'SynStream'; stream: number; isLast: boolean; headers: Uint8Array }
  | { type: 'SynReply'; stream: number; headers: Uint8Array }
  | { type: 'Reset'; stream: number; status: number }
  | { type: 'Ping'; id: number }
  | { type: 'GoAway' }
  | { type: 'Other' }

const controlBit = 0x80
const version = 3
const finFlag = 0x01
const streamIdMask = 0x7fffffff
const headBytes = 8
const types = { synStream: 1, synReply: 2, reset: 3, ping: 6, goAway: 7 } as const

/** Parses the frames of a connection; throws SyntaxError where the bytes are not SPDY/3. */
export async function* spdyFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SpdyFrame> {
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let neededBytes = headBytes
  for await (const chunk of chunks) {
    waiting.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length))
    waitingBytes += chunk.length
    if (waitingBytes < neededBytes) continue
    let bytes = waiting.length === 1 ? (waiting[0] ?? Buffer.alloc(0)) : Buffer.concat(waiting)
    for (;;) {
      neededBytes = bytes.length < headBytes ? headBytes : headBytes + lengthIn(bytes)
      if (bytes.length < neededBytes) break
      yield frameIn(bytes.subarray(0, neededBytes))
      bytes = bytes.subarray(neededBytes)
    }
    waiting = [bytes]
    waitingBytes = bytes.length
  }
}

const lengthIn = (bytes: Buffer): number => bytes.readUIntBE(5, 3)

function frameIn(frame: Buffer): SpdyFrame {
  const body = frame.subarray(headBytes)
  const isLast = (frame.readUInt8(4) & finFlag) !== 0
  if ((frame.readUInt8(0) & controlBit) === 0) {
    return { type: 'Data', stream: frame.readUInt32BE(0), isLast, bytes: body }
  }
  if ((frame.readUInt16BE(0) & 0x7fff) !== version) throw new SyntaxError('it is not SPDY/3')
  const type = frame.readUInt16BE(2)
  if (type === types.goAway) return { type: 'GoAway' }
  if (type === types.ping) return { type: 'Ping', id: numberAt(body, 0) }
  if (type === types.reset) {
    return { type: 'Reset', stream: streamAt(body), status: numberAt(body, 4) }
  }
  if (type === types.synReply) {
    return { type: 'SynReply', stream: streamAt(body), headers: body.subarray(4) }
  }
  if (type !== types.synStream) return { type: 'Other' }
  return { type: 'SynStream', stream: streamAt(body), isLast, headers: body.subarray(10) }
}

const streamAt = (body: Buffer): number => numberAt(body, 0) & streamIdMask

function numberAt(body: Buffer, at: number): number {
  if (body.length < at + 4) throw new SyntaxError('a frame is cut')
  return body.readUInt32BE(at)
}

/** Encodes a frame. */
export function encodeSpdyFrame(frame: Exclude<SpdyFrame, { type: 'Other' }>): Uint8Array {
  switch (frame.type) {
    case 'Data': {
      const head = Buffer.alloc(headBytes)
      head.writeUInt32BE(frame.stream)
      head.writeUInt8(frame.isLast ? finFlag : 0, 4)
      head.writeUIntBE(frame.bytes.length, 5, 3)
      return Buffer.concat([head, frame.bytes])
    }
    case 'SynStream': {
      // No associated stream, priority and slot 0.
      const own = [...numbers(frame.stream, 0), Buffer.alloc(2), frame.headers]
      return control(types.synStream, frame.isLast, own)
    }
    case 'SynReply':
      return control(types.synReply, false, [...numbers(frame.stream), frame.headers])
    case 'Reset':
      return control(types.reset, false, numbers(frame.stream, frame.status))
    case 'Ping':
      return control(types.ping, false, numbers(frame.id))
    case 'GoAway':
      return control(types.goAway, false, numbers(0, 0))
  }
}

function control(type: number, isLast: boolean, parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(headBytes)
  head.writeUInt16BE((controlBit << 8) | version, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt8(isLast ? finFlag : 0, 4)
  head.writeUIntBE(body.length, 5, 3)
  return Buffer.concat([head, body])
}

const numbers = (...values: readonly number[]): Buffer[] =>
  values.map((value) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  })
