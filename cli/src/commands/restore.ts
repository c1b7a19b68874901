import type { Command } from 'commander'
import { openApi } from '../asking/api-client.ts'
import { momentText } from '../asking/moment.ts'
import { historyPathOf } from '../asking/object-name.ts'
import { type TakeBackOptions, takeBack, takeBackOptions } from '../asking/take-back.ts'

type RestoreOptions = TakeBackOptions & { namespace?: string; at?: string }

/** `reckon restore`: restores one object to an earlier state. */
export function defineRestore(command: Command): void {
  takeBackOptions(command)
    .argument('<kind/name>', 'the object: one that is deleted comes back as it was last')
    .option('-n, --namespace <namespace>', "the kubeconfig's, else default")
    .option('--at <moment>', 'as it was then: a duration (1h), a day, a time (14:02) or a position')
    .addHelpText(
      'after',
      `
Name, labels, addresses and all that somebody asked for come back; uid and creation time are new. What controllers made of
it they make again. A deleted Secret cannot come back: its key is destroyed with it.

Examples:
  reckon restore configmap/settings
  reckon restore deployment/web -n shop --at 1h --dry-run`,
    )
    .action(restore)
}

async function restore(text: string, options: RestoreOptions): Promise<void> {
  const api = await openApi(options.kubeconfig)
  const path = `${historyPathOf(text, options.namespace ?? api.namespace)}/restore`
  const query = options.at ? { at: momentText('--at', options.at) } : {}
  await takeBack({ path, query }, options)
}
