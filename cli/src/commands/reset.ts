import { removeCluster } from '@reckon/supervisor'
import type { Command } from 'commander'
import { layoutFor, withDataDir } from '../data-dir.ts'
import { printStep } from '../formatting/output.ts'
import { down } from './down.ts'

/** `reckon reset`: removes everything. */
export function defineReset(command: Command): void {
  const examples = '\nExamples:\n  reckon reset\n  reckon reset --data-dir ./cluster-b'
  withDataDir(command)
    .addHelpText('after', examples)
    .action(async ({ dataDir }: { dataDir: string }) => {
      const layout = layoutFor(dataDir)
      const { specs } = await down(dataDir)
      await removeCluster(layout, specs)
      printStep('reckon', `removed the cluster and ${layout.dataDir}`)
    })
}
