/**
 * The first message of a DNS stream, in which each message follows its length in two bytes; undefined while it is
 * incomplete.
 */
export function readFrame(received: Buffer): { message: Buffer; rest: Buffer } | undefined {
  if (received.length < 2) return undefined
  const end = 2 + received.readUInt16BE(0)
  if (received.length < end) return undefined
  return { message: received.subarray(2, end), rest: received.subarray(end) }
}

export function writeFrame(message: Buffer): Buffer {
  const frame = Buffer.alloc(2 + message.length)
  frame.writeUInt16BE(message.length, 0)
  message.copy(frame, 2)
  return frame
}
