import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Writable } from 'node:stream'

/**
 * A shell script that waits until its input ends and then becomes the program; by then its parent has reported its pid
 * and ended.
 */
const script = '{ read -r _ <&3; exec "$@" >&2 3<&-; } & echo $!'

/**
 * Starts a program whose parent ends before it begins; returns its pid. An Envoy with hot restart asks the kernel to be
 * killed with its parent, but it must outlive its supervisor.
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
