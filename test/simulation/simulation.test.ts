import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { runSeeds } from './run-seeds.ts'
import { type Outcome, simulate } from './simulate.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const count = isLong ? 1000 : 100
const seeds = Array.from({ length: count }, (_, index) => index + 1)

test(`${count} clusters hold, and come to rest`, async ({ signal }) => {
  const failures: string[] = []
  const onOutcome = ({ seed, failure }: Outcome) => {
    if (failure === undefined) return
    failures.push(`seed ${seed}: ${failure.stack}\nnpm run sim -- --seed ${seed} --verbose`)
  }
  await runSeeds(seeds, availableParallelism(), { onOutcome, signal })
  assert.deepEqual(failures, [])
})

test('the same seed is the same run, byte for byte', async () => {
  const digests = new Set<string>()
  for (const seed of [7, 8, 9]) {
    const [first, second] = [await simulate(seed), await simulate(seed)]
    assert.equal(first.digest, second.digest)
    assert.equal(first.events, second.events)
    digests.add(first.digest)
  }
  assert.equal(digests.size, 3)
})
