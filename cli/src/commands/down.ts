import { findComponents } from '@reckon/bootstrap'
import { endSupervisor, type Here, processesHere, stopCluster } from '@reckon/supervisor'
import type { Command } from 'commander'
import { layoutFor, withDataDir } from '../data-dir.ts'
import { printStep } from '../formatting/output.ts'

/** `reckon down`: ends the processes and stops the containers; nothing is lost. */
export function defineDown(command: Command): void {
  const examples = '\nExamples:\n  reckon down\n  reckon down --data-dir ./cluster-b'
  withDataDir(command)
    .addHelpText('after', examples)
    .action(async ({ dataDir }: { dataDir: string }) => {
      const { startedBy } = await down(dataDir)
      printStep('reckon', `it is down; "reckon ${startedBy}" starts it again, with its pods`)
    })
}

/** Ends what runs of a cluster on this machine, whether its supervisor is alive or not; returns what that was. */
export async function down(dataDir: string): Promise<Here> {
  const layout = layoutFor(dataDir)
  const here = await processesHere(layout, await findComponents())
  if (!here) throw new Error(`there is no cluster in ${layout.dataDir}`)
  await endSupervisor(layout)
  await stopCluster(layout, here.specs, printStep)
  return here
}
