import { execFile } from 'node:child_process'
import { setTimeout as after } from 'node:timers/promises'
import { promisify } from 'node:util'
import { askSocket } from '@reckon/process/ask-socket'
import type { Layout } from '../layout.ts'
import type { ProcessSpec } from './process-spec.ts'
import { type RunningProcess, startProcess } from './running-process.ts'

/** The outcome of a hand-over from a running Envoy to a new one. */
export type HandOver =
  | { outcome: 'TakenOver'; running: RunningProcess; version: string }
  /** The new configuration is invalid and will stay so: the running Envoy goes on. */
  | { outcome: 'Refused'; why: string }
  /** The new Envoy ended before it took over: the running one goes on, and a retry may succeed. */
  | { outcome: 'Failed' }
  /** These two versions are incompatible: one must end before the other begins. */
  | { outcome: 'Impossible' }

const runFile = promisify(execFile)
const lookEveryMs = 50

/**
 * Starts a new Envoy beside the running one (Envoy's hot restart). The new one takes over the sockets as soon as it has
 * its whole configuration; the old one finishes its requests and ends by itself. So no request is refused in between.
 */
export async function handOver(
  layout: Layout,
  spec: ProcessSpec,
  before: RunningProcess,
  signal: AbortSignal,
): Promise<HandOver> {
  if (!(await haveCommonWay(spec.command, before))) return { outcome: 'Impossible' }
  const why = await whyRefused(spec)
  if (why !== undefined) return { outcome: 'Refused', why }
  const running = await startProcess(layout, spec, before)
  const over = new AbortController()
  const ended = running.ended().then(() => over.abort())
  const serving = untilServing(spec, running, AbortSignal.any([signal, over.signal]))
  const version = await Promise.race([serving, ended.then(() => undefined)])
  if (version !== undefined) return { outcome: 'TakenOver', running, version }
  return { outcome: 'Failed' }
}

/**
 * Whether the two can hand over: the shared memory differs between versions of Envoy, and older starts by us did not
 * allow it.
 */
async function haveCommonWay(program: string, { pid, epoch }: RunningProcess): Promise<boolean> {
  if (epoch === undefined) return false
  const [one, other] = await Promise.all(
    // Also if the file of the running program was replaced meanwhile.
    [program, `/proc/${pid}/exe`].map((path) => runFile(path, ['--hot-restart-version'])),
  )
  return one?.stdout === other?.stdout
}

/** Envoy's own verdict on its bootstrap. */
async function whyRefused({ command, needsFile = '' }: ProcessSpec): Promise<string | undefined> {
  const args = ['--mode', 'validate', '--disable-hot-restart', '-l', 'error', '-c', needsFile]
  return runFile(command, args).then(
    () => undefined,
    (error: Error & { stderr?: string }) => error.stderr || error.message,
  )
}

/** Resolves to its version once it serves; by then it has told the old one to stop accepting. */
async function untilServing(
  { handsOver }: ProcessSpec,
  { epoch }: RunningProcess,
  signal: AbortSignal,
): Promise<string | undefined> {
  while (handsOver && !signal.aborted) {
    const told = await askSocket(handsOver.adminSocket, '/server_info')
    const info = told === undefined ? undefined : JSON.parse(told)
    const isNew = info?.command_line_options?.restart_epoch === epoch
    if (isNew && info.state === 'LIVE') return versionIn(info)
    await after(lookEveryMs, undefined, { signal }).catch(() => {})
  }
  return undefined
}

/** Envoy reports commit, version and build type as one word. */
const versionIn = ({ version }: { version: string }): string => version.split('/')[1] ?? version
