import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { StatusError } from '@reckon/kubernetes'

const run = promisify(execFile)

/** Mounts memory at a directory, so that all containers of a pod share it; nothing happens where it is mounted. */
export async function mountMemory(dir: string, bytesMax: number | undefined): Promise<void> {
  if ((await mountPoints()).includes(dir)) return
  const size = bytesMax === undefined ? [] : ['-o', `size=${bytesMax}`]
  try {
    await run('mount', ['-t', 'tmpfs', ...size, 'tmpfs', dir])
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new StatusError('Invalid', `memory cannot be mounted as a volume: ${message}`)
  }
}

/** Unmounts everything below a directory. */
export async function unmountAll(dir: string): Promise<void> {
  for (const point of await mountPoints()) {
    if (point.startsWith(`${dir}/`)) await run('umount', [point])
  }
}

/** The fifth field of each line of mountinfo, see proc(5). */
async function mountPoints(): Promise<readonly string[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).trimEnd().split('\n')
  return lines.map((line) => line.split(' ')[4] ?? '')
}
