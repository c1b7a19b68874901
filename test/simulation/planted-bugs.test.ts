import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plantedBugs } from './planted-bugs.ts'
import { simulate } from './simulate.ts'

/** A planted bug that so many seeds do not show is one that the checkers do not see. */
const seedsMax = 40

for (const { name, alter, ...planted } of plantedBugs) {
  test(`found: ${name}`, async () => {
    const restore = alter?.()
    try {
      for (let seed = 1; seed <= seedsMax; seed++) {
        const { failure } = await simulate(seed, { planted })
        if (failure !== undefined) return
      }
    } finally {
      restore?.()
    }
    assert.fail(`${seedsMax} seeds did not show it`)
  })
}
