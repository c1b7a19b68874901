import { join } from 'node:path'
import { runInSandbox } from './e2e/run-in-sandbox.ts'
import { type Counts, root, run, runTests } from './run-tests.ts'

/**
 * All tests, in the order in which a failure is cheapest: the code's own rules, the units and simulations, the
 * contracts on the real things, a cluster that is killed piece by piece, and last whole clusters end to end. `--long`: at
 * the sizes that are promised.
 */
const isLong = process.argv.includes('--long')
const env = isLong ? { RECKON_TEST_LONG: '1' } : {}
const bin = join(root, 'node_modules', '.bin')

async function check(name: string, command: string, args: readonly string[]): Promise<Counts> {
  console.log(`\n${name}`)
  const code = await run(join(bin, command), args)
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

const units = [
  ...['packages/*', 'services/*', 'infra/*', 'cli'].map((part) => `${part}/src/**/*.test.ts`),
  ...['examples', 'test/tidy', 'test/golden-events', 'test/histories'].map(
    (part) => `${part}/**/*.test.ts`,
  ),
  ...['test/mutants/*.test.ts', 'test/simulation/**/*.test.ts'],
]
const all = [
  await check('formatted and linted', 'biome', ['check', '.']),
  await check('types', 'tsc', ['--noEmit']),
  await runTests(units, { env }),
  await runTests(['test/contract/*.test.ts', 'test/conformance/*.test.ts'], {
    env,
    concurrency: 1,
  }),
  await runTests(['test/chaos/*.test.ts'], { env, concurrency: 1 }),
  await runInSandbox(['test/e2e/*.test.ts', 'services/*/src/**/*.e2e.ts'], env),
]
const sum = (of: keyof Counts) => all.reduce((total, counts) => total + counts[of], 0)
const skipped = sum('skipped')
console.log(
  `\n${sum('passed')} passed, ${sum('failed')} failed${skipped ? `, ${skipped} skipped` : ''}`,
)
process.exit(sum('failed') === 0 ? 0 : 1)
