import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

// A block is how many bytes its content has (4, little-endian), their CRC-32 (4), and these.
const headBytes = 8
const readBytes = 1024 * 1024

/** Some bytes that are whole, and where the block of them ends in its file. */
export type Block = { content: Buffer; end: number }

/** What stands before some bytes, and makes a block of them. */
export function headOfBlock(content: Buffer): Buffer {
  const head = Buffer.allocUnsafe(headBytes)
  head.writeUInt32LE(content.length, 0)
  head.writeUInt32LE(crc32(content), 4)
  return head
}

/**
 * The blocks of a file, some at once as they are read, in order. Ends where the file ended at the call, or is torn or
 * damaged.
 */
export async function* blocksOf(file: FileHandle): AsyncGenerator<readonly Block[]> {
  const { size } = await file.stat()
  let rest: Buffer = Buffer.alloc(0)
  let wanted = readBytes
  for (let begin = 0; begin + rest.length < size; ) {
    const at = begin + rest.length
    const length = Math.min(wanted, size - at)
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, at)
    const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
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
