import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { stringify } from 'yaml'
import { openApi } from '../api-client.ts'
import { askPosition } from '../ask-position.ts'
import { contextAt } from '../context-at.ts'
import { loadCurrent } from '../kubeconfig.ts'

/** `reckon at`: a command with the cluster as it was. */
export function defineAt(command: Command): void {
  command
    .argument('<moment>', 'a duration before now (10m), a time (14:02), a day, or a position')
    .argument('[command...]', 'what to run; without, the position is told')
    .option('--kubeconfig <file>', 'instead of KUBECONFIG or ~/.kube/config')
    .addHelpText(
      'after',
      `
The command gets a KUBECONFIG of that moment, in which nothing can be changed.
Examples:
  reckon at 10m -- kubectl get pods -A -o wide
  reckon at 14:02 -- kubectl diff -f web.yaml
  reckon at 48213 -- helm list`,
    )
    .action(at)
}

async function at(
  moment: string,
  [program, ...args]: readonly string[],
  { kubeconfig }: { kubeconfig?: string },
): Promise<void> {
  const told = await askPosition(await openApi(kubeconfig), moment)
  if (program === undefined) {
    console.log(`${moment} is position ${told.position}, at ${told.time}`)
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'reckon-at-'))
  // Both of us hear it; the command decides what it means.
  process.on('SIGINT', () => {})
  try {
    const file = join(folder, 'kubeconfig')
    const then = {
      apiVersion: 'v1',
      kind: 'Config',
      ...contextAt(loadCurrent(kubeconfig), moment, told),
    }
    await writeFile(file, stringify(then), { mode: 0o600 })
    const env = { ...process.env, KUBECONFIG: file }
    const child = spawn(program, args, { stdio: 'inherit', env })
    const [code, signal]: [number | null, NodeJS.Signals | null] = await exited(child)
    process.exitCode = code ?? (signal ? 128 + constants.signals[signal] : 1)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function exited(
  child: ReturnType<typeof spawn>,
): Promise<[number | null, NodeJS.Signals | null]> {
  const [code, signal] = await once(child, 'exit')
  return [code, signal]
}
