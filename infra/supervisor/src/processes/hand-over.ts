import { execFile } from 'node:child_process'
import { setTimeout as after } from 'node:timers/promises'
import { promisify } from 'node:util'
import { askSocket } from '@reckon/process/ask-socket'
import type { Layout } from '../layout.ts'
import type { ProcessSpec } from './process-spec.ts'
import { type RunningProcess, startProcess } from './running-process.ts'

/** What came of it that another Envoy was to take the place of one that runs. */
export type HandOver =
  | { outcome: 'TakenOver'; running: RunningProcess; version: string }
  /** What is wanted now is no good, and stays so: the one that runs goes on. */
  | { outcome: 'Refused'; why: string }
  /** What was to take over has ended before it did: the one that runs goes on, another may do better. */
  | { outcome: 'Failed' }
  /** These two know no common way: one has to end before the other begins. */
  | { outcome: 'Impossible' }

const runFile = promisify(execFile)
const lookEveryMs = 50

/**
 * Starts what is wanted now beside the Envoy that runs. The new one takes the sockets over as soon as it knows all that
 * it is to know; the other then answers what it was asked, and ends by itself (Envoy's hot restart). So nobody is
 * refused between.
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

/** How Envoys share what they hand over differs between their versions; an older start of ours shared nothing. */
async function haveCommonWay(program: string, { pid, epoch }: RunningProcess): Promise<boolean> {
  if (epoch === undefined) return false
  const [one, other] = await Promise.all(
    // Also of a program whose file was replaced meanwhile.
    [program, `/proc/${pid}/exe`].map((path) => runFile(path, ['--hot-restart-version'])),
  )
  return one?.stdout === other?.stdout
}

/** What Envoy itself has against its bootstrap. */
async function whyRefused({ command, needsFile = '' }: ProcessSpec): Promise<string | undefined> {
  const args = ['--mode', 'validate', '--disable-hot-restart', '-l', 'error', '-c', needsFile]
  return runFile(command, args).then(
    () => undefined,
    (error: Error & { stderr?: string }) => error.stderr || error.message,
  )
}

/** Resolves to its version once it answers requests: it has told the other then to take no more. */
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

/** Envoy says commit, version and how it was built in one word. */
const versionIn = ({ version }: { version: string }): string => version.split('/')[1] ?? version
