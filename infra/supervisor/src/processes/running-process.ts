import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { folders } from '@reckon/bootstrap'
import { hasCode } from '@reckon/process/error-code'
import type { Layout } from '../layout.ts'
import type { ProcessSpec } from './process-spec.ts'
import { spawnApart } from './spawn-apart.ts'

/** The pid file of a process, for the next supervisor. */
type Noted = {
  pid: number
  /** The start time in the kernel's ticks, because a pid may have been reused. */
  started: string
  /** A hash of what it was started as; if it differs from what is wanted now, the process must be replaced. */
  form?: string
  /** For a process that others can take over from: how many have. */
  epoch?: number
  /** The process that it takes or took over from, which may still be running. */
  before?: Noted
}

/** A process that outlives its supervisor; the next supervisor finds it by its pid file. */
export type RunningProcess = Noted & {
  /** Resolves when it has ended; a process that is not our child is polled. */
  ended(everyMs?: number): Promise<void>
}

/**
 * How the C library's allocator keeps memory (mallopt(3); the figures are in docs/benchmarks.md). In one arena: by
 * default each thread that allocates has one, and what is free in one serves no other. What has 128 KiB or more is
 * mapped by itself and goes back to the kernel once it is free: by default that bound grows with what is freed, up to
 * 32 MiB, and the pieces of long lists leave holes that nothing else fills.
 */
const largeBytes = String(128 * 1024)
const allocator = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: largeBytes,
  MALLOC_TRIM_THRESHOLD_: largeBytes,
}

/** How often a process that is not our child is polled: the kernel reports its end only to its parent. */
const adoptedPollMs = 250
/** The same for one that was told to end. */
export const endingPollMs = 20

/**
 * Starts a process in a session of its own, with its output appended to its log file; `before` is the process that it
 * takes over from.
 */
export async function startProcess(
  layout: Layout,
  spec: ProcessSpec,
  before?: Noted,
): Promise<RunningProcess> {
  const logFile = layout.logFile(spec.name)
  await Promise.all([logFile, layout.pidFile(spec.name)].map((path) => makeFolder(dirname(path))))
  await makeFolder(layout.processData(spec.name))
  const output = openSync(logFile, 'a', 0o600)
  const form = await formOf(spec)
  const epoch = spec.handsOver && (before?.epoch ?? -1) + 1
  const args = [...spec.args, ...(epoch === undefined ? [] : ['--restart-epoch', String(epoch)])]
  const { compileCache: NODE_COMPILE_CACHE } = folders
  const env = { ...allocator, ...process.env, NODE_COMPILE_CACHE, ...spec.env }
  const begin = spec.handsOver ? beginApart : beginAsChild
  const { pid, ended } = await begin(spec.command, args, { output, env })
  closeSync(output)
  const started = kernelStartOf(pid) ?? ''
  const noted: Noted = {
    ...{ pid, started, form },
    ...(epoch !== undefined && { epoch }),
    // The one before that has been told to end by now.
    ...(before && { before: withoutBefore(before) }),
  }
  const draft = `${layout.pidFile(spec.name)}.new`
  await writeFile(draft, JSON.stringify(noted))
  await rename(draft, layout.pidFile(spec.name))
  return { ...noted, ended: (everyMs) => ended ?? untilEnded(pid, started, everyMs) }
}

type Begun = { pid: number; ended?: Promise<void> }
type SpawnOptions = { output: number; env: NodeJS.ProcessEnv }

async function beginAsChild(
  command: string,
  args: readonly string[],
  { output, env }: SpawnOptions,
): Promise<Begun> {
  const child = spawn(command, args, { detached: true, stdio: ['ignore', output, output], env })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await hasSpawned(child)
  return { pid: child.pid as number, ended }
}

const beginApart: typeof beginAsChild = async (command, args, options) => ({
  pid: await spawnApart(command, args, options),
})

const withoutBefore = ({ before: _, ...noted }: Noted): Noted => noted

/** The running process that an earlier supervisor started. */
export async function findProcess(
  layout: Layout,
  name: string,
): Promise<RunningProcess | undefined> {
  const text = await readFile(layout.pidFile(name), 'utf8').catch(() => undefined)
  return text ? firstAlive(JSON.parse(text)) : undefined
}

/** The process itself or, if a hand-over was never completed, its predecessor. */
async function firstAlive(noted: Noted): Promise<RunningProcess | undefined> {
  if (kernelStartOf(noted.pid) === noted.started) {
    return { ...noted, ended: (everyMs) => untilEnded(noted.pid, noted.started, everyMs) }
  }
  return noted.before && firstAlive(noted.before)
}

/**
 * The names of all processes that were ever started here and not stopped; they may have ended. The supervisor is not
 * among them.
 */
export async function namesOfProcesses(layout: Layout): Promise<string[]> {
  const folder = dirname(layout.pidFile('any'))
  await makeFolder(folder)
  const files = (await readdir(folder)).filter((file) => file.endsWith('.pid'))
  const supervisor = basename(layout.supervisorPid)
  return files.filter((file) => file !== supervisor).map((file) => basename(file, '.pid'))
}

/**
 * A hash of everything that a process is started as: command, options, environment and the file that it needs. If
 * others can take over from it, the program file counts, too, so that a new version is handed over to.
 */
export async function formOf(spec: ProcessSpec): Promise<string> {
  const { command, args, env, needsFile } = spec
  const hash = createHash('sha256').update(JSON.stringify([command, args, env]))
  if (spec.handsOver) hash.update(await fileIdentity(command))
  if (needsFile) hash.update(await readFile(needsFile).catch(() => ''))
  return hash.digest('hex')
}

/** Identifies the program file; undefined if it does not exist. */
async function fileIdentity(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeMs } = await stat(path)
    return JSON.stringify([dev, ino, size, mtimeMs])
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    return ''
  }
}

/** Sends SIGTERM and, when its time is over, SIGKILL; resolves when it and its predecessor have ended. */
export async function stopProcess(
  layout: Layout,
  name: string,
  running: RunningProcess,
  timeoutMs: number,
): Promise<void> {
  const before = running.before && (await firstAlive(running.before))
  const all = before ? [running, before] : [running]
  const signalAll = (sent: NodeJS.Signals) => {
    for (const { pid } of all) signal(pid, sent)
  }
  signalAll('SIGTERM')
  const ended = Promise.all(all.map((each) => each.ended(endingPollMs)))
  const timer = new AbortController()
  const isLate = after(timeoutMs, true, { signal: timer.signal }).catch(() => false)
  if (await Promise.race([ended.then(() => false), isLate])) signalAll('SIGKILL')
  await ended
  timer.abort()
  await rm(layout.pidFile(name), { force: true })
}

/** Sends a signal; ignores that the process has just ended. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

async function untilEnded(pid: number, started: string, everyMs = adoptedPollMs): Promise<void> {
  while (kernelStartOf(pid) === started) await after(everyMs)
}

/**
 * The start time of a process in the kernel's ticks; undefined when it has ended (or is a zombie). Read at once: the
 * kernel answers in a few microseconds, and a thread that reads a file takes several times as long to be woken.
 */
export function kernelStartOf(pid: number): string | undefined {
  const stat = statOf(pid)
  // The name in brackets may contain anything; the state follows it, and the start time is the 20th
  // field after that.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields && fields[0] !== 'Z' ? fields[19] : undefined
}

function statOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
}

const hasSpawned = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })

const makeFolder = (path: string) => mkdir(path, { recursive: true, mode: 0o700 })
