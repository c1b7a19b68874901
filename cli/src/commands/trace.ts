import { type Command, Option } from 'commander'
import { expectJson, openApi } from '../asking/api-client.ts'
import { historyPathOf } from '../asking/object-name.ts'
import { withCluster } from '../contexts/which-cluster.ts'
import { formatTrace, type TraceAnswer } from '../formatting/format-trace.ts'
import { otlpTrace } from '../formatting/otlp-trace.ts'

type Options = { namespace?: string; output?: string; kubeconfig?: string }

/** `reckon trace`: why something exists, and what followed from a request. */
export function defineTrace(command: Command): void {
  withCluster(command)
    .argument('<what>', "an object (pod/web-1), an event's position, or a request's id")
    .option('-n, --namespace <namespace>', "the kubeconfig's, else default")
    .addOption(new Option('-o, --output <format>', 'for programs').choices(['json', 'otlp']))
    .addHelpText(
      'after',
      '\nExamples:\n  reckon trace deployment/web\n  reckon trace 48213\n  reckon trace pod/web-1 -o otlp > trace.json',
    )
    .action(trace)
}

async function trace(what: string, { namespace, output, kubeconfig }: Options): Promise<void> {
  const api = await openApi(kubeconfig)
  const field = /^\d+$/.test(what) ? 'position' : 'request'
  const path = what.includes('/')
    ? `${historyPathOf(what, namespace ?? api.namespace)}/trace`
    : `/apis/history.reckon.dev/v1/trace?${new URLSearchParams({ [field]: what })}`
  const answer = expectJson<TraceAnswer>(await api.ask('GET', path))
  if (output === undefined) console.log(formatTrace(answer))
  else console.log(JSON.stringify(output === 'otlp' ? otlpTrace(answer.roots) : answer, null, 2))
}
