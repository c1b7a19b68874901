import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOf, parseThresholds } from './threshold.ts'

test('a threshold is an amount or a share, or there is none', () => {
  assert.deepEqual(parseThresholds('memory.available<100Mi'), { memory: { bytes: 100 * 2 ** 20 } })
  assert.deepEqual(parseThresholds('memory.available<5%'), { memory: { share: 0.05 } })
  assert.deepEqual(parseThresholds('nodefs.available<10%,memory.available<1Gi'), {
    memory: { bytes: 2 ** 30 },
    disk: { share: 0.1 },
  })
  assert.deepEqual(parseThresholds(''), {})
  assert.equal(bytesOf({ share: 0.05 }, 2_000), 100)
  assert.equal(bytesOf({ bytes: 7 }, 2_000), 7)
})

test('what is no threshold of memory or of a disk is refused by its name', () => {
  for (const text of ['pid.available<10%', 'memory.available', 'memory.available<%', 'much']) {
    assert.throws(() => parseThresholds(text), {
      message: RegExp(`^${RegExp.escape(`"${text}"`)}`),
    })
  }
})
