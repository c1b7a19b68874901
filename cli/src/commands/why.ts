import { formatWhy, formatWhyNot, type ToldWhy, type WhyNot } from '@reckon/scheduling'
import type { Command } from 'commander'
import { type ApiClient, expectJson, openApi } from '../api-client.ts'
import { outputOption } from '../options.ts'
import { type BehindPod, podsBehind } from '../pods-behind.ts'
import { table } from '../table.ts'
import { workloadNameFrom } from '../workload-name.ts'

type Options = { namespace?: string; output?: string; kubeconfig?: string }
type WhyOptions = Options & { all?: boolean }

/** `reckon why`: why a pod is where it is, or why it is pending and what would help; or the pods behind something. */
export function addWhy(program: Command): void {
  withOptions(program.command('why'))
    .description('explain where a pod was placed, or why it is pending and what would place it')
    .argument('<pod/name>', 'the pod, also one that is gone; or deployment/…, rs/…, job/…')
    .option('--all', "every node's verdict, computed again where only a digest is recorded")
    .addHelpText(
      'after',
      '\nExamples:\n  reckon why pod/web-5d9c7-x2x4l\n  reckon why deployment/web\n  reckon why pod/web --all -o json',
    )
    .action(why)
}

/** `reckon why-not`: why a pod is not on a node, by every rule. */
export function addWhyNot(program: Command): void {
  withOptions(program.command('why-not'))
    .description('explain why a pod is not on a node, as things are now: every rule asked alone')
    .argument('<pod/name>', 'the pod')
    .argument('<node/name>', 'the node')
    .addHelpText('after', '\nExample:\n  reckon why-not pod/web-5d9c7-x2x4l node/node-2')
    .action(whyNot)
}

const withOptions = (command: Command): Command =>
  command
    .option('-n, --namespace <namespace>', "the kubeconfig's, else default")
    .addOption(outputOption())
    .option('--kubeconfig <file>', 'instead of KUBECONFIG or ~/.kube/config')

async function why(text: string, options: WhyOptions): Promise<void> {
  const api = await openApi(options.kubeconfig)
  const target = workloadNameFrom(text, options.namespace ?? api.namespace)
  const behind = target.kind === 'Pod' ? undefined : await podsBehind(api, target)
  const name = behind ? behind[0]?.name : target.name
  if (behind && name === undefined) {
    console.log(`${text} has no pods in namespace ${target.namespace}`)
    return
  }
  const found = await ask<ToldWhy>(
    api,
    { ...target, name: name ?? '' },
    options.all ? '?all=true' : '',
  )
  if (options.output === 'json') {
    console.log(JSON.stringify(behind ? { pods: behind, why: found } : found, null, 2))
    return
  }
  if (behind) console.log(`${listOf(text, behind)}\n`)
  const isTerminal = process.stdout.isTTY === true
  console.log(formatWhy(found, { color: isTerminal && !process.env.NO_COLOR }).trimEnd())
}

async function whyNot(pod: string, node: string, options: Options): Promise<void> {
  const api = await openApi(options.kubeconfig)
  const target = workloadNameFrom(pod, options.namespace ?? api.namespace)
  if (target.kind !== 'Pod') throw new Error(`"${pod}" is no pod`)
  const name = node.replace(/^(nodes?|no)\//, '')
  const found = await ask<{ whyNot?: WhyNot }>(api, target, `?node=${encodeURIComponent(name)}`)
  if (options.output === 'json') console.log(JSON.stringify(found.whyNot ?? null, null, 2))
  else if (found.whyNot) console.log(formatWhyNot(target.name, found.whyNot))
  else console.log(`pod/${target.name} waits for another scheduler`)
}

async function ask<T>(
  api: ApiClient,
  { namespace, name }: { namespace: string; name: string },
  query: string,
): Promise<T> {
  const pod = `namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`
  return expectJson<T>(await api.ask('GET', `/apis/history.reckon.dev/v1/${pod}/why${query}`))
}

const shownMax = 20

function listOf(text: string, pods: readonly BehindPod[]): string {
  const waiting = pods.filter(({ node }) => node === undefined)
  const rows = pods
    .slice(0, shownMax)
    .map(({ name, node, message }) => [name, node ?? '<none>', message ?? ''])
  const more = pods.length > shownMax ? `\n… and ${pods.length - shownMax} more` : ''
  return `${text} has ${pods.length} pods, ${waiting.length} of them wait\n${table(['POD', 'NODE', ''], rows)}${more}`
}
