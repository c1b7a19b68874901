import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOf, parseThreshold } from './threshold.ts'

test('a threshold is an amount or a share, or there is none', () => {
  assert.deepEqual(parseThreshold('memory.available<100Mi'), { bytes: 100 * 2 ** 20 })
  assert.deepEqual(parseThreshold('memory.available<5%'), { share: 0.05 })
  assert.equal(parseThreshold(''), undefined)
  assert.equal(bytesOf({ share: 0.05 }, 2_000), 100)
  assert.equal(bytesOf({ bytes: 7 }, 2_000), 7)
})

test('what is no threshold of memory is refused by its name', () => {
  for (const text of ['nodefs.available<10%', 'memory.available', 'memory.available<%', 'much']) {
    assert.throws(() => parseThreshold(text), { message: RegExp(`^${RegExp.escape(`"${text}"`)}`) })
  }
})
