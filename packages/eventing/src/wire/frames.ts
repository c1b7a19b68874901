/**
 * An entry of a wire: its position, the position of the previous entry on the same wire (undefined for the first), and
 * its content, which is absent where it was too large: readers then fetch it from elsewhere.
 */
export type WireEntry<T = Uint8Array> = {
  position: bigint
  previous: bigint | undefined
  content: T | undefined
}

// A message is a sequence of frames: length of the rest (4 bytes), flags (1), the entry's position
// and previous position (8 each), content. Numbers are big-endian.
const lengthBytes = 4
const orderBytes = 17
const [hasPrevious, hasContent] = [1, 2]

/** The size of an entry in a message. */
export const frameBytes = ({ content }: WireEntry): number =>
  lengthBytes + orderBytes + (content?.length ?? 0)

export function encodeFrames(entries: readonly WireEntry[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(entries.reduce((sum, entry) => sum + frameBytes(entry), 0))
  let at = 0
  for (const { position, previous, content } of entries) {
    at = bytes.writeUInt32BE(orderBytes + (content?.length ?? 0), at)
    const flags = (previous === undefined ? 0 : hasPrevious) | (content ? hasContent : 0)
    at = bytes.writeUInt8(flags, at)
    at = bytes.writeBigUInt64BE(position, at)
    at = bytes.writeBigUInt64BE(previous ?? 0n, at)
    if (content === undefined) continue
    bytes.set(content, at)
    at += content.length
  }
  return bytes
}

/**
 * Decodes a message; contents are views of its bytes. Throws SyntaxError unless it has at least one entry, each
 * complete and in the order of positions.
 */
export function decodeFrames(message: Uint8Array): WireEntry[] {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.length)
  const entries: WireEntry[] = []
  let last = -1n
  for (let at = 0; at < bytes.length || at === 0; ) {
    if (bytes.length - at < lengthBytes + orderBytes) throw new SyntaxError('a frame is cut')
    const length = bytes.readUInt32BE(at)
    const begin = at + lengthBytes
    at = begin + length
    if (length < orderBytes || at > bytes.length) throw new SyntaxError('a frame is cut')
    const flags = bytes.readUInt8(begin)
    if (flags > (hasPrevious | hasContent)) throw new SyntaxError('a frame has unknown flags')
    const position = bytes.readBigUInt64BE(begin + 1)
    const previous = flags & hasPrevious ? bytes.readBigUInt64BE(begin + 9) : undefined
    if (position <= last || position <= (previous ?? -1n)) {
      throw new SyntaxError('frames are out of order')
    }
    last = position
    const content = flags & hasContent ? bytes.subarray(begin + orderBytes, at) : undefined
    entries.push({ position, previous, content })
  }
  return entries
}
