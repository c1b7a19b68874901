import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeFrames, encodeFrames, frameBytes, type WireEntry } from './frames.ts'

const bytes = (text: string) => Buffer.from(text)

const entries: readonly WireEntry[] = [
  { position: 0n, previous: undefined, content: bytes('first') },
  { position: 7n, previous: 0n, content: bytes('') },
  { position: 2n ** 53n + 1n, previous: 7n, content: undefined },
  { position: 2n ** 64n - 1n, previous: 2n ** 53n + 1n, content: bytes('last') },
]

test('entries come out of a message as they were put in', () => {
  const message = encodeFrames(entries)
  assert.equal(
    message.length,
    entries.reduce((sum, entry) => sum + frameBytes(entry), 0),
  )
  assert.deepEqual(decodeFrames(message), entries)
  // As the wire hands it on: a part of something larger.
  const part = new Uint8Array([1, 2, 3, ...message]).subarray(3)
  assert.deepEqual(decodeFrames(part), entries)
})

test('whatever is cut off, nothing is taken of it', () => {
  const message = encodeFrames(entries)
  const complete = entries.map((_, index) => encodeFrames(entries.slice(0, index + 1)).length)
  for (let length = 0; length < message.length; length++) {
    if (complete.includes(length)) continue
    assert.throws(() => decodeFrames(message.subarray(0, length)), SyntaxError, `${length} bytes`)
  }
})

test('what is out of order or has a length or flags that make no sense is no message', () => {
  const entry = (position: bigint, previous?: bigint): WireEntry => ({
    position,
    previous,
    content: undefined,
  })
  for (const wrong of [[entry(5n, 5n)], [entry(5n, 6n)], [entry(5n), entry(5n)]]) {
    assert.throws(() => decodeFrames(encodeFrames(wrong)), SyntaxError)
  }
  const said = encodeFrames([entry(5n, 4n)])
  for (const [at, value] of [
    [0, 255],
    [3, 16],
    [3, 18],
    [4, 4],
    [4, 255],
  ] as const) {
    assert.throws(() => decodeFrames(Uint8Array.from(said).fill(value, at, at + 1)), SyntaxError)
  }
})

/** Numbers below a limit that a seed decides. */
const drawnFrom = (seed: number) => (limit: number) => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
  return (seed >>> 8) % limit
}

test('nonsense of any kind is refused or is entries in order, and never anything else', () => {
  const draw = drawnFrom(7)
  for (let n = 0; n < 20_000; n++) {
    const said = Uint8Array.from(encodeFrames(entries))
    for (let change = draw(4); change >= 0; change--) said[draw(said.length)] = draw(256)
    try {
      const decoded = decodeFrames(said.subarray(0, 1 + draw(said.length)))
      assert.ok(decoded.length > 0)
      for (const [index, { position }] of decoded.entries()) {
        assert.ok(index === 0 || position > (decoded[index - 1]?.position ?? position))
      }
    } catch (error) {
      assert.ok(error instanceof SyntaxError, String(error))
    }
  }
})
