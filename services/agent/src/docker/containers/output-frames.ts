import type { Output } from '../../runtime/running-command.ts'

const headBytes = 8
const stderrNumber = 2

/**
 * Decodes Docker's multiplexed output of a process without a terminal: frames with a header of 8 bytes, which states
 * the channel (first byte) and the length (last four). Long frames are passed on as they arrive.
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
