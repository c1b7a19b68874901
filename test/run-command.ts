import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { folders } from '@reckon/bootstrap'
import { hasCode } from '@reckon/process/error-code'
import { closeWhenLeaving } from './leaving.ts'

type Options = {
  env?: NodeJS.ProcessEnv | undefined
  /** The file that its output goes to, instead of being shown. */
  outputFile?: string | undefined
  /** It computes only while nobody else does. */
  isIdle?: boolean | undefined
}

/**
 * For a file that is a process of its own, loading costs more than its tests: compiled once, it takes a third of the
 * CPU. And a program of Go that is over in a moment, as kubectl, takes a quarter less if it tidies up later.
 */
const briefly = { NODE_COMPILE_CACHE: folders.compileCache, GOGC: '400' }
const nicest = 19
/** `nice` adds to how nice its caller is. */
const nicely = () => ['nice', '-n', `${nicest - getPriority()}`]
const cwd = fileURLToPath(new URL('../', import.meta.url))

/** Runs a command at the root of the repository to its end; returns its exit code. */
export function run(
  command: string,
  args: readonly string[],
  { env, outputFile, isIdle = false }: Options = {},
): Promise<number> {
  const output = outputFile === undefined ? 'inherit' : openSync(outputFile, 'w')
  const [file = '', ...rest] = [...(isIdle ? nicely() : []), command, ...args]
  const child = spawn(file, rest, {
    cwd,
    stdio: ['inherit', output, output],
    env: { ...briefly, ...process.env, ...env },
    detached: isIdle,
  })
  if (output !== 'inherit') closeSync(output)
  const ended = isIdle ? comeLast(child) : () => {}
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  }).finally(ended)
}

/**
 * Many kernels divide the CPU among sessions first, so that a nice process has as much as another whole session. So it
 * gets a session of its own, which is as nice; Ctrl-C in a terminal does not reach it there.
 */
function comeLast({ pid }: ChildProcess): () => void {
  if (pid === undefined) return () => {}
  try {
    writeFileSync(`/proc/${pid}/autogroup`, `${nicest}`)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
  let isOver = false
  const end = () => {
    if (!isOver) process.kill(-pid, 'SIGKILL')
    isOver = true
  }
  process.once('exit', end)
  const left = closeWhenLeaving(end)
  return () => {
    isOver = true
    left()
  }
}
