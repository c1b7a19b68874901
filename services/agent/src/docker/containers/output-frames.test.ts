import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outputFrames } from './output-frames.ts'

const frame = (number: number, text: string): Buffer => {
  const head = Buffer.from([number, 0, 0, 0, 0, 0, 0, 0])
  head.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([head, Buffer.from(text)])
}

test('pieces are told apart, wherever the connection cuts them', async () => {
  const bytes = Buffer.concat([frame(1, 'out'), frame(2, 'error'), frame(1, ''), frame(1, 'more')])
  for (const size of [1, 3, 8, 11, 100]) {
    const chunks = async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    }
    const said = { stdout: '', stderr: '' }
    for await (const { channel, bytes: piece } of outputFrames(chunks())) said[channel] += piece
    assert.deepEqual(said, { stdout: 'outmore', stderr: 'error' })
  }
})
