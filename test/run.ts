import { globSync } from 'node:fs'
import { join } from 'node:path'
import { runInSandboxes } from './e2e/run-in-sandboxes.ts'
import { watchWhatIsLeft } from './left-behind.ts'
import { run } from './run-command.ts'
import { type Counts, root, runRooms, runTests, total } from './run-tests.ts'

/**
 * All tests, in the order in which a failure is cheapest: the code's own rules, the units, the contracts on the real
 * things, a cluster that is killed piece by piece, and last whole clusters end to end. `--long`: at the sizes that are
 * promised, one after the other.
 */
const isLong = process.argv.includes('--long')
const env = isLong ? { RECKON_TEST_LONG: '1' } : {}
const bin = join(root, 'node_modules', '.bin')
const whatIsLeft = watchWhatIsLeft()

async function check(name: string, command: string, args: readonly string[]): Promise<Counts> {
  console.log(`\n${name}`)
  const code = await run(join(bin, command), args)
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

/** The slowest first, as the last one has nobody beside it. */
const rooms = ['services/*', 'packages/*', 'infra/*', 'cli']
  .flatMap((parts) => globSync(parts, { cwd: root }).toSorted())
  .map((part) => `${part}/src/**/*.test.ts`)
const units = [
  ...['examples', 'test/tidy', 'test/golden-events', 'test/histories'].map(
    (part) => `${part}/**/*.test.ts`,
  ),
  ...['test/*.test.ts', 'test/mutants/*.test.ts'],
]
const simulation = ['test/simulation/**/*.test.ts']
const onRealThings = [
  ...['contract', 'conformance', 'browser', 'chaos', 'e2e'].map((part) => `test/${part}/*.test.ts`),
  'services/*/src/**/*.e2e.ts',
  ...(isLong ? ['test/e2e/*.long.ts', 'services/*/src/**/*.long.ts'] : []),
]
// Clusters mostly wait, and so do many units: the simulation computes meanwhile.
const besides = isLong ? [] : [runTests(simulation, { isIdle: true, isShownWhole: true })]
const all = [
  await check('formatted and linted', 'biome', ['check', '.']),
  await check('types', 'tsc', ['--noEmit']),
  await runRooms(rooms, { env, atOnce: 3 }),
  await runTests(units, { env }),
  ...(isLong ? [await runTests(simulation, { env })] : []),
  await runInSandboxes(onRealThings, { env, ...(isLong ? { sandboxes: 1 } : {}) }),
  ...(await Promise.all(besides)),
]
const left = await whatIsLeft()
for (const each of left) console.error(`left behind: ${each}`)
all.push({ passed: left.length === 0 ? 1 : 0, failed: left.length, skipped: 0 })
const { passed, failed, skipped } = total(all)
console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
process.exit(failed === 0 ? 0 : 1)
