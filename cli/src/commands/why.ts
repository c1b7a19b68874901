import { formatWhy, type WhyAnswer } from '@reckon/scheduling/formatting'
import type { Command } from 'commander'
import { openApi } from '../asking/api-client.ts'
import { type AboutPod, aboutPod, askWhy } from '../asking/ask-why.ts'
import { type BehindPod, podsBehind } from '../asking/pods-behind.ts'
import { autoscalerNameFrom, whyAutoscaler } from '../asking/why-autoscaler.ts'
import { workloadNameFrom } from '../asking/workload-name.ts'
import { counted } from '../formatting/counted.ts'
import { table } from '../formatting/table.ts'

type WhyOptions = AboutPod & { all?: boolean }

/**
 * `reckon why`: why a pod is where it is, or why it is pending and what would help; or the same for the pods of a
 * workload; or why an autoscaler scaled.
 */
export function defineWhy(command: Command): void {
  aboutPod(command)
    .argument('<pod/name>', 'the pod, also one that is gone; or deployment/…, rs/…, job/…, hpa/…')
    .option('--all', "every node's verdict, computed again where only a digest is recorded")
    .addHelpText(
      'after',
      '\nExamples:\n  reckon why pod/web-5d9c7-x2x4l\n  reckon why deployment/web\n  reckon why pod/web --all -o json\n  reckon why hpa/web',
    )
    .action(why)
}

async function why(text: string, options: WhyOptions): Promise<void> {
  const api = await openApi(options.kubeconfig)
  const namespace = options.namespace ?? api.namespace
  const autoscaler = autoscalerNameFrom(text, namespace)
  if (autoscaler) {
    console.log(await whyAutoscaler(api, autoscaler, options.output))
    return
  }
  const target = workloadNameFrom(text, namespace)
  const behind = target.kind === 'Pod' ? undefined : await podsBehind(api, target)
  const name = behind ? behind[0]?.name : target.name
  if (behind && name === undefined) {
    console.log(`${text} has no pods in namespace ${target.namespace}`)
    return
  }
  const found = await askWhy<WhyAnswer>(
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

const shownMax = 20

function listOf(text: string, pods: readonly BehindPod[]): string {
  const waiting = pods.filter(({ node }) => node === undefined)
  const rows = pods
    .slice(0, shownMax)
    .map(({ name, node, message }) => [
      name,
      node ?? '<none>',
      message?.replace(/ preemption: .*$/, '') ?? '',
    ])
  const more = pods.length > shownMax ? `\n… and ${pods.length - shownMax} more` : ''
  const wait = waiting.length === 1 ? 'waits' : 'wait'
  return `${text} has ${counted(pods.length, 'pod')}, ${waiting.length} of them ${wait}\n${table(['POD', 'NODE', ''], rows)}${more}`
}
