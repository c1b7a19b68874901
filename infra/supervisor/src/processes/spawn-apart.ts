import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** Waits for the end of what is read before it becomes the program; its parent has told its pid and ended by then. */
const script = '{ read -r _ <&3; exec "$@" >&2 3<&-; } & echo $!'

/**
 * Starts a program whose parent ends before it begins, and answers its pid. Envoy, where another can take over from it,
 * asks the kernel to be ended together with its parent, but it has to outlive its supervisor.
 */
export async function spawnApart(
  command: string,
  args: readonly string[],
  { output, env }: { output: number; env: NodeJS.ProcessEnv },
): Promise<number> {
  const shell = spawn('/bin/sh', ['-c', script, 'sh', command, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', output, 'pipe'],
    env,
  })
  let told = ''
  shell.stdout?.setEncoding('utf8').on('data', (part: string) => (told += part))
  await once(shell, 'exit')
  const gate = shell.stdio[3] as Writable | null
  gate?.end()
  const pid = Number.parseInt(told, 10)
  if (Number.isNaN(pid)) throw new Error(`${command} could not be started apart`)
  return pid
}
