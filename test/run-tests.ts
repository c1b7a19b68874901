import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folders } from '@reckon/bootstrap'

export type Counts = { passed: number; failed: number; skipped: number }

export const root = fileURLToPath(new URL('../', import.meta.url))

/**
 * What waits in vain fails its file after so many minutes, and not the run of all tests: at CI's sizes, at full sizes.
 */
const fileMinutesMax = { short: 10, long: 120 }

const isLong = ({ RECKON_TEST_LONG }: NodeJS.ProcessEnv): boolean => RECKON_TEST_LONG === '1'

type Options = {
  /** Put before the command. */
  enter?: readonly string[]
  env?: NodeJS.ProcessEnv
  concurrency?: number
  /** All files in one process: what each loads it loads for all. For those that leave nothing behind in it. */
  isOneProcess?: boolean
  /** Not as they go, but once they are over: others run beside them. */
  isShownWhole?: boolean
}

/** Runs test files with node's own runner, shows what they say, and counts them. */
export async function runTests(
  patterns: readonly string[],
  options: Options = {},
): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'reckon-counts-'))
  const tap = join(folder, 'tap')
  const minutes = fileMinutesMax[isLong({ ...process.env, ...options.env }) ? 'long' : 'short']
  const [command = '', ...args] = [
    ...(options.enter ?? []),
    process.execPath,
    '--test',
    options.isOneProcess
      ? '--test-isolation=none'
      : `--test-concurrency=${options.concurrency ?? 2}`,
    `--test-timeout=${minutes * 60_000}`,
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=tap', `--test-reporter-destination=${tap}`],
    ...patterns,
  ]
  try {
    const output = options.isShownWhole ? join(folder, 'output') : undefined
    const code = await run(command, args, options.env, output)
    if (output) console.log(`\n${patterns.join(' ')}\n${readFileSync(output, 'utf8').trimEnd()}`)
    const counts = countsIn(readFileSync(tap, 'utf8'))
    // A file that could not even be loaded must not look like a success.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * For a file that is a process of its own, loading costs more than its tests: compiled once, it takes a third of the
 * CPU.
 */
const compiledOnce = { NODE_COMPILE_CACHE: folders.compileCache }

/** Runs a command to its end, its output shown or written to a file; answers its exit code. */
export const run = (
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  outputFile?: string,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const output = outputFile === undefined ? 'inherit' : openSync(outputFile, 'w')
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['inherit', output, output],
      env: { ...compiledOnce, ...process.env, ...env },
    })
    if (output !== 'inherit') closeSync(output)
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })

/** Each set of files in a process of its own, so many at once. */
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
