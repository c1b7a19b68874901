import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { runSeeds } from './run-seeds.ts'
import { simulate } from './simulate.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const count = isLong ? 1000 : 100
const seeds = Array.from({ length: count }, (_, index) => index + 1)

test(`${count} clusters hold, and come to rest`, async () => {
  const failures: string[] = []
  await runSeeds(seeds, availableParallelism(), ({ seed, failure }) => {
    if (failure === undefined) return
    failures.push(`seed ${seed}: ${failure.stack}\nnpm run sim -- --seed ${seed} --verbose`)
  })
  assert.deepEqual(failures, [])
})

test('the same seed is the same run, byte for byte', async () => {
  const [first, second, other] = [await simulate(7), await simulate(7), await simulate(8)]
  assert.equal(first.digest, second.digest)
  assert.equal(first.events, second.events)
  assert.notEqual(first.digest, other.digest)
})
