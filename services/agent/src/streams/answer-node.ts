import { pods } from '@reckon/kubernetes'
import type { NodeQuestion, NodeStream, StreamOutcome } from '@reckon/node-plane'
import { createMetrics } from '@reckon/process'
import type { NodeContext } from '../node/node-context.ts'
import { cadvisorText } from '../usage/cadvisor-text.ts'
import { measureUsage } from '../usage/measure-usage.ts'
import { readUsage } from '../usage/read-usage.ts'

type Node = Pick<NodeContext, 'configuration' | 'known' | 'ports' | 'metrics'>

/** Answers requests about the node itself, as a kubelet does. */
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
  metrics: async ({ metrics, ports }) =>
    [await metrics.registry.metrics(), await processTexts(ports)].join('\n'),
  cadvisor: async ({ ports: { runtime } }) => {
    const usage = await readUsage(runtime, 'AllCounts')
    return usage === undefined ? '' : cadvisorText(usage, await runtime.facts())
  },
  resource: ({ configuration, ports }) => {
    const metrics = createMetrics()
    measureUsage(metrics, [{ name: configuration.nodeName, runtime: ports.runtime }])
    return metrics.metrics()
  },
  pods: ({ known }) => {
    const items = known.list(pods).map(({ object }) => object)
    return JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items })
  },
}

/** Metrics of the agent's process, served beside the node's. */
const ofProcess = [
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
  'nodejs_eventloop_lag_seconds',
  'kubernetes_build_info',
]

async function processTexts({ metrics }: NodeContext['ports']): Promise<string> {
  const known = ofProcess.filter((name) => metrics?.getSingleMetric(name))
  const texts = known.map((name) => metrics?.getSingleMetricAsString(name))
  return `${(await Promise.all(texts)).join('\n')}\n`
}
