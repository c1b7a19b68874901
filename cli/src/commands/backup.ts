import { resolve } from 'node:path'
import { backUpCluster } from '@reckon/supervisor'
import type { Command } from 'commander'
import { layoutFor, withDataDir } from '../data-dir.ts'
import { printStep } from '../formatting/output.ts'

/** `reckon backup`: copies the log and the keys while everything runs. */
export function defineBackup(command: Command): void {
  withDataDir(command)
    .argument('<folder>', 'where to; nothing may be there yet')
    .addHelpText(
      'after',
      `
It is a data directory: "up" starts the cluster there, where the one that was copied runs no more. It holds the keys of
the cluster's Secrets. What pods have written into their volumes is not in it.

Examples:
  reckon backup /backups/monday
  reckon reset && cp -a /backups/monday ~/.reckon && reckon up --detach`,
    )
    .action(async (folder: string, { dataDir }: { dataDir: string }) => {
      const path = resolve(folder)
      const { events, head } = await backUpCluster(layoutFor(dataDir), path)
      printStep('reckon', `the keys and ${events} events, up to position ${head}, are in ${path}`)
    })
}
