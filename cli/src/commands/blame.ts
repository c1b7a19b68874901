import type { Command } from 'commander'
import { expectJson, openApi } from '../api-client.ts'
import { historyPathOf } from '../object-name.ts'
import { outputOption } from '../output-option.ts'
import { table } from '../table.ts'
import { authorText, type ToldAuthor, timeText, valueText } from '../told-history.ts'

type Options = { namespace?: string; all?: boolean; output?: string; kubeconfig?: string }
type Told = { isGone: boolean; fields: { field: string; value: unknown; author: ToldAuthor }[] }

/** `reckon blame`: who gave each field of an object its value. */
export function defineBlame(command: Command): void {
  command
    .argument('<kind/name>', 'the object')
    .option('-n, --namespace <namespace>', "the kubeconfig's, else default")
    .option('--all', 'status, and what servers and clients note for themselves, too')
    .addOption(outputOption())
    .option('--kubeconfig <file>', 'instead of KUBECONFIG or ~/.kube/config')
    .addHelpText(
      'after',
      '\nExamples:\n  reckon blame deployment/web\n  reckon blame cm/settings -o json',
    )
    .action(blame)
}

async function blame(text: string, options: Options): Promise<void> {
  const api = await openApi(options.kubeconfig)
  const path = historyPathOf(text, options.namespace ?? api.namespace)
  const told = expectJson<Told>(
    await api.ask('GET', `${path}/blame${options.all ? '?all=true' : ''}`),
  )
  if (options.output === 'json') console.log(JSON.stringify(told, null, 2))
  else if (told.isGone) console.log(`${text} is deleted; "reckon history ${text}" tells by whom`)
  else console.log(formatBlame(told))
}

const formatBlame = ({ fields }: Told): string =>
  table(
    ['POSITION', 'TIME', 'WHO', 'FIELD'],
    fields.map(({ field, value, author }) => [
      author.position,
      timeText(author.time),
      authorText(author),
      `${field}: ${valueText(value)}`,
    ]),
  )
