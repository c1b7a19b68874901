import { execFile } from 'node:child_process'
import { type FileHandle, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { StatusError } from '@reckon/kubernetes'
import { hasCode } from '@reckon/process'
import { openedPath } from './open-inside.ts'

const run = promisify(execFile)

/** Mounts a tmpfs at a directory for all containers of a pod, unless one is mounted. */
export async function mountMemory(dir: string, bytesMax?: number): Promise<void> {
  if (await isMountPoint(dir)) return
  const size = bytesMax === undefined ? [] : ['-o', `size=${bytesMax}`]
  try {
    await run('mount', ['-t', 'tmpfs', ...size, 'tmpfs', dir])
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new StatusError('Invalid', `memory cannot be mounted as a volume: ${message}`)
  }
}

/** Unmounts it, if it is mounted. */
export async function unmountMemory(dir: string): Promise<void> {
  if (await isMountPoint(dir)) await run('umount', [dir])
}

/** Whether a file system of its own is mounted at a directory. */
async function isMountPoint(dir: string): Promise<boolean> {
  const [there, above] = await Promise.all([dir, dirname(dir)].map(devOf))
  return there !== undefined && there !== above
}

async function devOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).dev
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Bind-mounts an open file or directory at a path, unless it is mounted there already. */
export async function mountOpened(opened: FileHandle, target: string): Promise<void> {
  const source = await opened.stat()
  const isMounted = async () => {
    const there = await stat(target)
    return there.dev === source.dev && there.ino === source.ino
  }
  await mkdir(dirname(target), { recursive: true })
  if (source.isDirectory()) await mkdir(target, { recursive: true })
  else await writeFile(target, '', { flag: 'a' })
  if (await isMounted()) return
  // Not canonicalized, which would resolve the handle to a path again.
  await run('mount', ['--no-canonicalize', '--bind', openedPath(opened), target])
  if (!(await isMounted())) throw new StatusError('Conflict', `${target} is mounted over`)
}

/** Unmounts everything below a directory, the last mount first. */
export async function unmountAll(dir: string): Promise<void> {
  for (const point of (await mountPoints()).toReversed()) {
    if (point.startsWith(`${dir}/`)) await run('umount', [point])
  }
}

/** The fifth field of each line of mountinfo, see proc(5). */
async function mountPoints(): Promise<readonly string[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).trimEnd().split('\n')
  return lines.map((line) => unescaped(line.split(' ')[4] ?? ''))
}

/** Spaces and the like stand there as octal numbers. */
const unescaped = (path: string): string =>
  path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
