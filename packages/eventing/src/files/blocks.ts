import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

// A block: the length of its content (4 bytes, little-endian), the content's CRC-32 (4), and the
// content.
const headBytes = 8
const readBytesDefault = 1024 * 1024

/** A block's content after its checksum was verified, and the offset in the file at which the block ends. */
export type Block = { content: Buffer; end: number }

/** The header that turns some bytes into a block. */
export function headOfBlock(content: Buffer): Buffer {
  const head = Buffer.allocUnsafe(headBytes)
  head.writeUInt32LE(content.length, 0)
  head.writeUInt32LE(crc32(content), 4)
  return head
}

/**
 * Reads the blocks of a file in order, several at a time, at least `readBytes` at once. Ends at the length that the file
 * had at the call, or where it is truncated or damaged.
 */
export async function* blocksOf(
  file: FileHandle,
  readBytes = readBytesDefault,
): AsyncGenerator<readonly Block[]> {
  const { size } = await file.stat()
  let rest: Buffer = Buffer.alloc(0)
  let wanted = readBytes
  for (let begin = 0; begin + rest.length < size; ) {
    const at = begin + rest.length
    const length = Math.min(wanted, size - at)
    const buffer = Buffer.allocUnsafe(rest.length + length)
    rest.copy(buffer)
    const { bytesRead } = await file.read(buffer, rest.length, length, at)
    const bytes = buffer.subarray(0, rest.length + bytesRead)
    const { blocks, used, needed, isIntact } = blocksIn(bytes, begin)
    if (blocks.length > 0) yield blocks
    if (!isIntact || bytesRead === 0) return
    begin += used
    rest = bytes.subarray(used)
    wanted = Math.max(readBytes, needed - rest.length)
  }
}

function blocksIn(bytes: Buffer, begin: number) {
  const blocks: Block[] = []
  let used = 0
  while (used + headBytes <= bytes.length) {
    const end = used + headBytes + bytes.readUInt32LE(used)
    if (end > bytes.length) return { blocks, used, needed: end - used, isIntact: true }
    const content = bytes.subarray(used + headBytes, end)
    if (crc32(content) !== bytes.readUInt32LE(used + 4)) {
      return { blocks, used, needed: 0, isIntact: false }
    }
    blocks.push({ content, end: begin + end })
    used = end
  }
  return { blocks, used, needed: 0, isIntact: true }
}
