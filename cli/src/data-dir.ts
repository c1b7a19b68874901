import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Layout, layoutOf } from '@reckon/supervisor'
import type { Command } from 'commander'

/** The commands that act on this machine's own cluster find it by its data directory. */
export const withDataDir = (command: Command): Command =>
  command.option(
    '--data-dir <folder>',
    'where the cluster keeps its log, keys and volumes',
    process.env.RECKON_CLUSTER_DIR ?? join(homedir(), '.reckon'),
  )

export const layoutFor = (dataDir: string): Layout => layoutOf(resolve(dataDir))
