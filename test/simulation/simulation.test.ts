import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulate } from './simulate.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const seeds = isLong ? 1000 : 100

test(`${seeds} clusters hold, and come to rest`, async () => {
  for (let seed = 1; seed <= seeds; seed++) {
    const { failure } = await simulate(seed)
    const again = `reproduce: npm run sim -- --seed ${seed} --verbose`
    assert.equal(failure, undefined, `seed ${seed}: ${failure?.stack}\n${again}`)
  }
})

test('the same seed is the same run, byte for byte', async () => {
  const [first, second, other] = [await simulate(7), await simulate(7), await simulate(8)]
  assert.equal(first.digest, second.digest)
  assert.equal(first.events, second.events)
  assert.notEqual(first.digest, other.digest)
})
