import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { contextAt, type PositionAnswer } from './context-at.ts'
import { loadCurrent } from './kubeconfig.ts'

type Then = { moment: string; position: PositionAnswer; kubeconfig: string | undefined }

/** Runs a command with a kubeconfig of a moment; returns its exit code, as a shell reports it. */
export async function runAt(
  { moment, position, kubeconfig }: Then,
  command: readonly string[],
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-at-'))
  try {
    const file = join(folder, 'kubeconfig')
    const context = contextAt(loadCurrent(kubeconfig), moment, position)
    await writeFile(file, stringify({ apiVersion: 'v1', kind: 'Config', ...context }), {
      mode: 0o600,
    })
    return await runWith(file, command)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs a command with a kubeconfig; returns its exit code. */
export async function runWith(
  kubeconfig: string,
  [program = '', ...args]: readonly string[],
): Promise<number> {
  // Both processes get the signal; the command decides what it means.
  const ignored = () => {}
  process.on('SIGINT', ignored)
  try {
    const env = { ...process.env, KUBECONFIG: kubeconfig }
    return await exitOf(spawn(program, args, { stdio: 'inherit', env }))
  } finally {
    process.off('SIGINT', ignored)
  }
}

/** Throws where there is no such program. */
async function exitOf(child: ReturnType<typeof spawn>): Promise<number> {
  try {
    const [code, signal]: [number | null, NodeJS.Signals | null] = await exited(child)
    return code ?? (signal ? 128 + constants.signals[signal] : 1)
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isAbsent) throw new Error(`there is no command "${child.spawnfile}"`)
    throw error
  }
}

async function exited(
  child: ReturnType<typeof spawn>,
): Promise<[number | null, NodeJS.Signals | null]> {
  const [code, signal] = await once(child, 'exit')
  return [code, signal]
}
