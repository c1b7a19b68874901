import { pods } from '@reckon/kubernetes'
import type { NodeQuestion, NodeStream, StreamOutcome } from '@reckon/node-plane'
import { createMetrics } from '@reckon/process'
import type { NodeContext } from '../node/node-context.ts'
import { measureUsage } from '../usage/measure-usage.ts'

type Node = Pick<NodeContext, 'configuration' | 'known' | 'ports'>

/** Says what the node is asked of itself, as a kubelet does. */
export async function answerNode(
  node: Node,
  question: NodeQuestion,
  stream: NodeStream,
): Promise<StreamOutcome> {
  stream.confirm()
  await stream.write('stdout', new TextEncoder().encode(await answers[question](node)))
  return { type: 'Done', exitCode: 0 }
}

const answers: Readonly<Record<NodeQuestion, (node: Node) => string | Promise<string>>> = {
  healthz: () => 'ok',
  metrics: ({ configuration, ports }) => {
    const metrics = createMetrics()
    measureUsage(metrics, [{ name: configuration.nodeName, runtime: ports.runtime }])
    return metrics.metrics()
  },
  pods: ({ known }) => {
    const items = known.list(pods).map(({ object }) => object)
    return JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items })
  },
}
