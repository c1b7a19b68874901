import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run-command.ts'

export type Counts = { passed: number; failed: number; skipped: number }

export const root = fileURLToPath(new URL('../', import.meta.url))

/**
 * A file whose test never ends fails after this many minutes, and not the whole run: at CI's sizes, where others have
 * priority, and at full sizes.
 */
const fileMinutesMax = { short: 10, idle: 60, long: 120 }

const isLong = ({ RECKON_TEST_LONG }: NodeJS.ProcessEnv): boolean => RECKON_TEST_LONG === '1'

type Options = {
  /** Put before the command. */
  enter?: readonly string[]
  env?: NodeJS.ProcessEnv
  concurrency?: number
  /** All files in one process, which loads shared modules once. For files that leave nothing behind in it. */
  isOneProcess?: boolean
  /** Output only at the end, because others run concurrently. */
  isShownWhole?: boolean
  /** In CPU time that nobody else uses. */
  isIdle?: boolean
}

/** Runs test files with node's own runner, shows their output, and counts their tests. */
export async function runTests(
  patterns: readonly string[],
  options: Options = {},
): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'reckon-counts-'))
  const tap = join(folder, 'tap')
  const { env, isIdle } = options
  const size = isLong({ ...process.env, ...env }) ? 'long' : isIdle ? 'idle' : 'short'
  const [command = '', ...args] = [
    ...(options.enter ?? []),
    process.execPath,
    '--test',
    options.isOneProcess
      ? '--test-isolation=none'
      : `--test-concurrency=${options.concurrency ?? 2}`,
    `--test-timeout=${fileMinutesMax[size] * 60_000}`,
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=tap', `--test-reporter-destination=${tap}`],
    ...patterns,
  ]
  try {
    const outputFile = options.isShownWhole ? join(folder, 'output') : undefined
    const code = await run(command, args, { env, outputFile, isIdle })
    if (outputFile) {
      console.log(`\n${patterns.join(' ')}\n${readFileSync(outputFile, 'utf8').trimEnd()}`)
    }
    const counts = countsIn(readFileSync(tap, 'utf8'))
    // A file that could not even be loaded must not look like a success.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Each set of files in a process of its own, this many at once. */
export async function runRooms(
  rooms: readonly string[],
  { env = {}, atOnce }: { env?: NodeJS.ProcessEnv; atOnce: number },
): Promise<Counts> {
  const next = rooms.values()
  const counts: Counts[] = []
  const takeRooms = async () => {
    // All of them draw from the one iterator.
    for (const room of next) {
      counts.push(await runTests([room], { env, isOneProcess: true, isShownWhole: true }))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, takeRooms))
  return total(counts)
}

/** All of them together. */
export const total = (all: readonly Counts[]): Counts => {
  const sum = (of: keyof Counts) => all.reduce((sofar, counts) => sofar + counts[of], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

function countsIn(tap: string): Counts {
  const count = (name: string) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0)
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped'),
  }
}
