import type { Output } from '../../runtime/running-command.ts'

const headBytes = 8
const stderrNumber = 2

/**
 * Takes apart what Docker says of a process without a terminal: pieces of both outputs, each behind a head of 8 bytes
 * that tells which one it is (the first byte) and how long (the last four). Long pieces are handed on as they come.
 */
export async function* outputFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Output> {
  let head = Buffer.alloc(0)
  let channel: Output['channel'] = 'stdout'
  let leftBytes = 0
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    while (rest.length > 0) {
      if (leftBytes > 0) {
        const bytes = rest.subarray(0, leftBytes)
        leftBytes -= bytes.length
        rest = rest.subarray(bytes.length)
        yield { channel, bytes }
        continue
      }
      const missing = headBytes - head.length
      head = Buffer.concat([head, rest.subarray(0, missing)])
      rest = rest.subarray(missing)
      if (head.length < headBytes) continue
      channel = head[0] === stderrNumber ? 'stderr' : 'stdout'
      leftBytes = head.readUInt32BE(4)
      head = Buffer.alloc(0)
    }
  }
}
