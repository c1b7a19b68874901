import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nkeys } from 'nats'
import { natsKeyOf } from './nats-key.ts'

test('a public key is named as NATS’ own library names it', () => {
  for (let count = 0; count < 20; count++) {
    const name = nkeys.createUser().getPublicKey()
    assert.equal(natsKeyOf(decoded(name)), name)
  }
})

/** The 32 bytes within a name: base32, without what stands before and behind them. */
function decoded(name: string): Uint8Array {
  const bits = [...name]
    .map((letter) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
    )
    .join('')
  const bytes = bits.match(/.{8}/g) ?? []
  return Uint8Array.from(bytes.slice(1, 33), (byte) => Number.parseInt(byte, 2))
}
