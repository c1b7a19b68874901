import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { firstToShow } from '../run-seeds.ts'
import { withBug } from './plant.ts'
import { plantedBugs } from './planted-bugs.ts'

const isLong = process.env.RECKON_TEST_LONG === '1'
/** A planted bug that so many seeds do not show is one that the checkers do not see. */
const seedsMax = 300
const seeds = Array.from({ length: seedsMax }, (_, index) => index + 1)

test('every planted bug changes production code as it is', () => {
  for (const bug of plantedBugs) {
    const source = readFileSync(`${import.meta.dirname}/../../../${bug.file}`, 'utf8')
    assert.notEqual(withBug(source, bug), source, bug.name)
  }
})

test('planted bugs are found', { concurrency: availableParallelism() }, async (context) => {
  const wanted = plantedBugs.filter(({ isRare }) => isLong || !isRare)
  await Promise.all(
    wanted.map((bug) =>
      context.test(bug.name, async (of) => {
        const found = await firstToShow(bug, bug.seed ? [bug.seed, ...seeds] : seeds, of.signal)
        assert.ok(found, `${seedsMax} seeds did not show it`)
        of.diagnostic(`seed ${found.seed}: ${found.failure?.message}`)
      }),
    ),
  )
})
