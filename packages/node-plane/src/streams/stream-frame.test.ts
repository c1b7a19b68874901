import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeStreamFrame, encodeStreamFrame, type StreamContent } from './stream-frame.ts'

const payload = Buffer.from('what is said')
const contents: StreamContent[] = [
  { type: 'Open', payload },
  { type: 'Opened' },
  { type: 'Data', channel: 'stderr', payload },
  { type: 'Data', channel: 'stdin', payload: Buffer.alloc(0) },
  { type: 'Credit', channel: 'stdout', bytes: 2 ** 32 - 1 },
  { type: 'Close', channel: 'resize' },
  { type: 'Alive' },
  { type: 'End', payload },
]

test('what is said in a stream is heard as it was said', () => {
  for (const content of contents) {
    const frame = { stream: 'a1-b2', number: 7, content }
    assert.deepEqual(decodeStreamFrame(encodeStreamFrame(frame)), frame)
  }
})

test('what is cut, or of no type, channel or stream, is no frame', () => {
  const whole = (content: StreamContent) => encodeStreamFrame({ stream: 'a', number: 0, content })
  const data = whole({ type: 'Data', channel: 'stdin', payload })
  const changed = (at: number, byte: number) => {
    const bytes = Buffer.from(data)
    bytes[at] = byte
    return bytes
  }
  const credit = whole({ type: 'Credit', channel: 'stdin', bytes: 1 })
  const broken = [
    Buffer.alloc(0),
    data.subarray(0, 6),
    credit.subarray(0, -1),
    changed(0, 200),
    changed(1, 9),
    changed(6, 255),
    changed(7, '.'.charCodeAt(0)),
  ]
  for (const bytes of broken) assert.throws(() => decodeStreamFrame(bytes), SyntaxError)
})
