import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { runSeeds } from './run-seeds.ts'
import { type Outcome, simulate } from './simulate.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
const count = isLong ? 1000 : 100
const seeds = Array.from({ length: count }, (_, index) => index + 1)

/** What each run was, by its seed. */
const digests = new Map<number, string>()

test(`${count} clusters hold, and come to rest`, async ({ signal }) => {
  const failures: string[] = []
  const onOutcome = ({ seed, digest, failure }: Outcome) => {
    digests.set(seed, digest)
    if (failure === undefined) return
    failures.push(`seed ${seed}: ${failure.stack}\nnpm run sim -- --seed ${seed} --verbose`)
  }
  await runSeeds(seeds, availableParallelism(), { onOutcome, signal })
  assert.deepEqual(failures, [])
})

test('the same seed is the same run, byte for byte, in another thread and after other runs', async () => {
  for (const seed of [7, 8, 9]) assert.equal((await simulate(seed)).digest, digests.get(seed))
  assert.equal(new Set(digests.values()).size, count)
})
