import type { Command } from 'commander'
import { expectJson, openApi } from '../api-client.ts'
import { historyPathOf } from '../object-name.ts'
import { outputOption } from '../output-option.ts'
import {
  authorText,
  fieldText,
  type ToldAuthor,
  type ToldField,
  timeText,
} from '../told-history.ts'

type Options = { namespace?: string; all?: boolean; output?: string; kubeconfig?: string }
type Told = {
  folded: number
  changes: (ToldAuthor & { type: string; effect: string; fields: ToldField[] })[]
}

/** `reckon history`: what became of an object, by whom. */
export function defineHistory(command: Command): void {
  command
    .argument('<kind/name>', 'the object, also one that is gone')
    .option('-n, --namespace <namespace>', "the kubeconfig's, else default")
    .option('--all', 'status, and what servers and clients note for themselves, too')
    .addOption(outputOption())
    .option('--kubeconfig <file>', 'instead of KUBECONFIG or ~/.kube/config')
    .addHelpText(
      'after',
      '\nExamples:\n  reckon history deployment/web\n  reckon history node/node-1 --all -o json',
    )
    .action(history)
}

async function history(text: string, options: Options): Promise<void> {
  const api = await openApi(options.kubeconfig)
  const path = historyPathOf(text, options.namespace ?? api.namespace)
  const told = expectJson<Told>(
    await api.ask('GET', `${path}/history${options.all ? '?all=true' : ''}`),
  )
  console.log(options.output === 'json' ? JSON.stringify(told, null, 2) : formatHistory(told))
}

function formatHistory({ changes, folded }: Told): string {
  const lines = changes.flatMap((change) => [
    `${timeText(change.time)}  ${change.position}  ${change.type}  by ${authorText(change)}`,
    ...change.fields.map((field) => `    ${fieldText(field)}`),
  ])
  if (folded > 0) lines.push(`and ${folded} that changed status or notes only (--all)`)
  return lines.join('\n')
}
