import { formatWhy, type Why } from '@reckon/scheduling'
import { type Command, InvalidArgumentError } from 'commander'
import { expectJson, openApi } from '../api-client.ts'
import { outputOption } from '../options.ts'

type WhyOptions = { namespace?: string; output?: string; kubeconfig?: string }

/** `reckon why`: why a pod is where it is, or why it is pending, as it was decided. */
export function addWhy(program: Command): void {
  program
    .command('why')
    .description('explain where a pod was placed, or why it is pending: every node, every plugin')
    .argument('<pod/name>', 'the pod, also one that is gone', podOf)
    .option('-n, --namespace <namespace>', "the kubeconfig's, else default")
    .addOption(outputOption())
    .option('--kubeconfig <file>', 'instead of KUBECONFIG or ~/.kube/config')
    .addHelpText(
      'after',
      '\nExamples:\n  reckon why pod/web-5d9c7-x2x4l\n  reckon why pod/web -o json',
    )
    .action(why)
}

async function why(name: string, options: WhyOptions): Promise<void> {
  const api = await openApi(options.kubeconfig)
  const namespace = encodeURIComponent(options.namespace ?? api.namespace)
  const pod = `namespaces/${namespace}/pods/${encodeURIComponent(name)}`
  const answer = await api.ask('GET', `/apis/history.reckon.dev/v1/${pod}/why`)
  const found = expectJson<Why>(answer)
  const isTerminal = process.stdout.isTTY === true
  console.log(
    options.output === 'json'
      ? JSON.stringify(found, null, 2)
      : formatWhy(found, { color: isTerminal && !process.env.NO_COLOR }),
  )
}

function podOf(text: string): string {
  const [, name] = /^(?:pods?\/)?([^/]+)$/.exec(text) ?? []
  if (name) return name
  throw new InvalidArgumentError('name a pod: pod/<name>.')
}
