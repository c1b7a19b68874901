import type { Command } from 'commander'
import { openApi } from '../asking/api-client.ts'
import { askPosition } from '../asking/ask-position.ts'
import { runAt } from '../contexts/run-at.ts'
import { withCluster } from '../contexts/which-cluster.ts'

/** `reckon at`: runs a command against the cluster as it was. */
export function defineAt(command: Command): void {
  withCluster(command)
    .argument('<moment>', 'a duration before now (10m), a time (14:02), a day, or a position')
    .argument('[command...]', 'what to run; without, the position is told')
    .addHelpText(
      'after',
      `
The command gets a KUBECONFIG of that moment, in which nothing can be changed.
Examples:
  reckon at 10m -- kubectl get pods -A -o wide
  reckon at 14:02 -- kubectl describe deployment/web
  reckon at 48213 -- helm list`,
    )
    .action(at)
}

async function at(
  moment: string,
  command: readonly string[],
  { kubeconfig }: { kubeconfig?: string },
): Promise<void> {
  const position = await askPosition(await openApi(kubeconfig), moment)
  if (command.length > 0) process.exitCode = await runAt({ moment, position, kubeconfig }, command)
  else console.log(`${moment} is position ${position.position}, at ${position.time}`)
}
