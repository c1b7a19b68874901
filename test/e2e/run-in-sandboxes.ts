import { globSync } from 'node:fs'
import { closeWhenLeaving } from '../leaving.ts'
import { type Counts, root, runTests, total } from '../run-tests.ts'
import { prepareSandboxes, type ReadySandbox } from './ready-sandbox.ts'

/** Clusters mostly wait: this many concurrent files keep two cores busy. */
const besideEachOther = 2

/** Tests of time limits have the machine to themselves, except for what computes only while it is idle. */
const promisingTimes = [
  'test/contract/event-store-outage.test.ts',
  'test/contract/wire-and-log.test.ts',
  'test/e2e/event-store-outages.test.ts',
  'test/e2e/wire-outages.test.ts',
]

/**
 * Runs test files in a few sandboxes that share nothing; each free one takes the next file. The sandboxes are removed
 * afterwards, however the tests end.
 */
export async function runInSandboxes(
  patterns: readonly string[],
  { env = {}, sandboxes = besideEachOther }: { env?: NodeJS.ProcessEnv; sandboxes?: number } = {},
): Promise<Counts> {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: root }).toSorted())
  if (files.length === 0) throw new Error(`no tests: ${patterns.join(' ')}`)
  const alone = files.filter((file) => promisingTimes.includes(file))
  const others = files.filter((file) => !alone.includes(file))
  const open = await prepareSandboxes(console.log)
  const opened: ReadySandbox[] = []
  const closeAll = () => Promise.all(opened.map((sandbox) => sandbox.close()))
  const closed = closeWhenLeaving(closeAll)
  try {
    while (opened.length < Math.min(sandboxes, Math.max(1, others.length))) {
      opened.push(await open(`reckon-e2e-${process.pid}-${opened.length + 1}`))
    }
    return total([
      await inTurns(opened.slice(0, 1), alone, env),
      await inTurns(opened, others, env),
    ])
  } finally {
    await closeAll()
    closed()
  }
}

async function inTurns(
  sandboxes: readonly ReadySandbox[],
  files: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Counts> {
  const next = files.values()
  const counts: Counts[] = []
  const takeFiles = async ({ enter, env: inside }: ReadySandbox) => {
    // All of them draw from the one iterator.
    for (const file of next) {
      const isShownWhole = sandboxes.length > 1
      counts.push(await runTests([file], { enter, env: { ...env, ...inside }, isShownWhole }))
    }
  }
  await Promise.all(sandboxes.map(takeFiles))
  return total(counts)
}
