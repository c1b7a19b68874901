import type { Author } from '@reckon/domain'
import type { FieldChange } from '@reckon/kubernetes'
import type { Command } from 'commander'
import { expectJson, openApi } from '../asking/api-client.ts'
import { momentParameter } from '../asking/moment.ts'
import { withCluster } from '../contexts/which-cluster.ts'
import { counted } from '../formatting/counted.ts'
import { authorText, fieldText, timeText } from '../formatting/history-text.ts'
import { outputOption } from '../formatting/output-option.ts'

type Options = {
  namespace?: string
  kinds?: string
  all?: boolean
  output?: string
  kubeconfig?: string
}
type Moment = { position: string; time: string }
type DifferenceAnswer = {
  from: Moment
  to: Moment
  count: number
  objects: {
    resource: string
    namespace?: string
    name: string
    what: string
    fields: FieldChange[]
    authors: Author[]
  }[]
}

/** `reckon diff`: what changed in the cluster between two moments, and by whom. */
export function defineDiff(command: Command): void {
  withCluster(command)
    .argument('<from>', 'a duration before now (10m), a time (14:02), a day, or a position')
    .argument('[to]', 'the other moment; now if it is not said')
    .option('-n, --namespace <namespace>', 'in this namespace; everywhere if it is not said')
    .option('--kinds <kinds>', 'of these kinds, e.g. deployments,configmaps')
    .option('--all', 'status, and what servers and clients note for themselves, too')
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExamples:\n  reckon diff 1h\n  reckon diff 14:00 14:30 -n shop --kinds deployments,services',
    )
    .action(diff)
}

async function diff(from: string, to: string | undefined, options: Options): Promise<void> {
  const api = await openApi(options.kubeconfig)
  const query = new URLSearchParams({ from: momentParameter('from', from) })
  if (to) query.set('to', momentParameter('to', to))
  for (const name of ['namespace', 'kinds'] as const) {
    const value = options[name]
    if (value) query.set(name, value)
  }
  if (options.all) query.set('all', 'true')
  const answer = expectJson<DifferenceAnswer>(
    await api.ask('GET', `/apis/history.reckon.dev/v1/diff?${query}`),
  )
  console.log(options.output === 'json' ? JSON.stringify(answer, null, 2) : formatDiff(answer))
}

function formatDiff({ from, to, count, objects }: DifferenceAnswer): string {
  const span = `from ${from.position} (${timeText(from.time)}) to ${to.position} (${timeText(to.time)})`
  const lines = objects.flatMap(({ resource, namespace, name, what, fields, authors }) => [
    `${what.padEnd(8)}  ${namespace ? `${namespace}/` : ''}${resource}/${name}  by ${authors.map(authorText).join(', ')}`,
    ...fields.map((field) => `    ${fieldText(field)}`),
  ])
  const more = count - objects.length
  if (more > 0) lines.push(`and ${more} more`)
  const differ = count === 1 ? 'differs' : 'differ'
  return [`${counted(count, 'object')} ${differ} ${span}`, ...lines].join('\n')
}
