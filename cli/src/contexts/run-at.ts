import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { contextAt, type PositionAnswer } from './context-at.ts'
import { loadCurrent } from './kubeconfig.ts'

type Then = { moment: string; position: PositionAnswer; kubeconfig: string | undefined }

/** Runs a command with a kubeconfig of a moment, and answers how it exits, as a shell tells it. */
export async function runAt(
  { moment, position, kubeconfig }: Then,
  [program = '', ...args]: readonly string[],
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-at-'))
  // Both of us hear it; the command decides what it means.
  const ignored = () => {}
  process.on('SIGINT', ignored)
  try {
    const file = join(folder, 'kubeconfig')
    const context = contextAt(loadCurrent(kubeconfig), moment, position)
    await writeFile(file, stringify({ apiVersion: 'v1', kind: 'Config', ...context }), {
      mode: 0o600,
    })
    const env = { ...process.env, KUBECONFIG: file }
    return await exitOf(spawn(program, args, { stdio: 'inherit', env }))
  } finally {
    process.off('SIGINT', ignored)
    await rm(folder, { recursive: true, force: true })
  }
}

async function exitOf(child: ReturnType<typeof spawn>): Promise<number> {
  const [code, signal]: [number | null, NodeJS.Signals | null] = await exited(child)
  return code ?? (signal ? 128 + constants.signals[signal] : 1)
}

async function exited(
  child: ReturnType<typeof spawn>,
): Promise<[number | null, NodeJS.Signals | null]> {
  const [code, signal] = await once(child, 'exit')
  return [code, signal]
}
