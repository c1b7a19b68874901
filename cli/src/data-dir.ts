import { accessSync, constants, mkdirSync, statfsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type Layout, layoutOf } from '@reckon/supervisor/reading'
import type { Command } from 'commander'

/** The default location of a cluster. */
export const defaultDataDir = (): string =>
  process.env.RECKON_CLUSTER_DIR ?? join(homedir(), '.reckon')

/** Commands for this machine's own cluster find it by its data directory. */
export const withDataDir = (command: Command): Command =>
  command.option(
    '--data-dir <folder>',
    'where the cluster keeps its log, keys and volumes',
    defaultDataDir(),
  )

/** With less free space not even the logs could say what goes wrong. */
const freeMebibytesMin = 4

export const layoutFor = (dataDir: string): Layout => layoutOf(resolve(dataDir))

/** Creates the data directory if needed; throws, with advice, if it cannot be used. */
export function ensureDataDir({ dataDir }: Layout): void {
  try {
    makeFolder(dataDir)
    accessSync(dataDir, constants.W_OK)
  } catch (error) {
    const because = error instanceof Error ? error.message : error
    throw new Error(`the data directory cannot be used (${because}); name another by --data-dir`, {
      cause: error,
    })
  }
  const { bavail, bsize } = statfsSync(dataDir)
  if ((bavail * bsize) / 2 ** 20 >= freeMebibytesMin) return
  const what = `the disk that ${dataDir} lies on is full`
  throw new Error(`${what}: make room there, or name another folder by --data-dir`)
}

/**
 * Creates one folder at a time: Node's own recursion reports another error, or hangs, where folders cannot be created.
 */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && statSync(path).isDirectory()) return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    makeFolder(dirname(path))
    mkdirSync(path, { mode: 0o700 })
  }
}
