import { formatWhyNot, type WhyNot } from '@reckon/scheduling/formatting'
import type { Command } from 'commander'
import { openApi } from '../asking/api-client.ts'
import { type AboutPod, aboutPod, askWhy } from '../asking/ask-why.ts'
import { nodeNameFrom } from '../asking/node-name.ts'
import { workloadNameFrom } from '../asking/workload-name.ts'

/** `reckon why-not`: why a pod is not on a node, by every rule. */
export function defineWhyNot(command: Command): void {
  aboutPod(command)
    .argument('<pod/name>', 'the pod')
    .argument('<node/name>', 'the node')
    .addHelpText('after', '\nExample:\n  reckon why-not pod/web-5d9c7-x2x4l node/node-2')
    .action(whyNot)
}

async function whyNot(pod: string, node: string, options: AboutPod): Promise<void> {
  const api = await openApi(options.kubeconfig)
  const target = workloadNameFrom(pod, options.namespace ?? api.namespace)
  if (target.kind !== 'Pod') throw new Error(`"${pod}" is no pod`)
  const name = nodeNameFrom(node)
  const found = await askWhy<{ whyNot?: WhyNot }>(api, target, `?node=${encodeURIComponent(name)}`)
  if (options.output === 'json') console.log(JSON.stringify(found.whyNot ?? null, null, 2))
  else if (found.whyNot) console.log(formatWhyNot(target.name, found.whyNot))
  else console.log(`pod/${target.name} waits for another scheduler`)
}
