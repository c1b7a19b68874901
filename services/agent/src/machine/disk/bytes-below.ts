import type { Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '@reckon/process'

/** The unit of `st_blocks`, whatever the file system's own block size (POSIX). */
const blockBytes = 512

/**
 * The disk space that a folder and everything in it takes, on its own disk or only on the given device; other file
 * systems mounted below it do not count. 0 where there is no such folder.
 */
export async function bytesBelow(folder: string, device?: number): Promise<number> {
  const top = await statsOf(folder)
  return top === undefined ? 0 : bytesOf(folder, top, device ?? top.dev)
}

async function bytesOf(path: string, stats: Stats, device: number): Promise<number> {
  if (stats.dev !== device) return 0
  let bytes = stats.blocks * blockBytes
  if (!stats.isDirectory()) return bytes
  for (const name of await namesIn(path)) {
    const below = join(path, name)
    const each = await statsOf(below)
    if (each !== undefined) bytes += await bytesOf(below, each, device)
  }
  return bytes
}

const statsOf = (path: string): Promise<Stats | undefined> => unlessGone(() => lstat(path))
const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await unlessGone(() => readdir(folder))) ?? []

/** Undefined where the file is gone: containers go on while this counts. */
async function unlessGone<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look()
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined
    throw error
  }
}
