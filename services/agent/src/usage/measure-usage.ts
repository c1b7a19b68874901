import { counterIn, gaugeIn, type Metrics } from '@reckon/process'
import type { Runtime } from '../runtime/runtime.ts'
import type { Consumed, RuntimeUsage } from '../runtime/runtime-usage.ts'
import { readUsage } from './read-usage.ts'

type Measured = { name: string; runtime: Pick<Runtime, 'usage'> }
type Sample = { labels: Record<string, string>; consumed: Consumed }

const containerLabels = ['node', 'namespace', 'pod', 'container'] as const

/**
 * Measures the usage of this process' nodes and their containers, under the names of a kubelet's resource metrics, when
 * scraped.
 */
export function measureUsage(metrics: Metrics, nodes: readonly Measured[]): void {
  const read = sharedReading(nodes)
  for (const { subject, labelNames, samplesOf } of [
    { subject: 'node', labelNames: ['node'], samplesOf: machineSamples },
    { subject: 'container', labelNames: containerLabels, samplesOf: containerSamples },
  ]) {
    counterIn(metrics, {
      name: `${subject}_cpu_usage_seconds_total`,
      help: `Processor time that the ${subject} has had, in seconds`,
      labelNames: [...labelNames],
      async collect() {
        const samples = samplesOf(await read())
        // The kernel's counter replaces the metric's value.
        this.reset()
        for (const { labels, consumed } of samples) this.inc(labels, consumed.cpuSeconds)
      },
    })
    gaugeIn(metrics, {
      name: `${subject}_memory_working_set_bytes`,
      help: `Working set of the ${subject}, in bytes`,
      labelNames: [...labelNames],
      async collect() {
        const samples = samplesOf(await read())
        this.reset()
        for (const { labels, consumed } of samples) this.set(labels, consumed.memoryBytes)
      },
    })
  }
}

type Reading = readonly { name: string; usage: RuntimeUsage }[]

/** All metrics of one scrape share one reading; a node whose engine is away is left out. */
function sharedReading(nodes: readonly Measured[]): () => Promise<Reading> {
  let underWay: Promise<Reading> | undefined
  const all = async () => {
    const readings = nodes.map(async ({ name, runtime }) => {
      const usage = await readUsage(runtime)
      return usage ? [{ name, usage }] : []
    })
    return (await Promise.all(readings)).flat()
  }
  return () => {
    underWay ??= all().finally(() => {
      underWay = undefined
    })
    return underWay
  }
}

const machineSamples = (reading: Reading): Sample[] =>
  reading.flatMap(({ name, usage: { machine } }) =>
    machine ? [{ labels: { node: name }, consumed: machine }] : [],
  )

const containerSamples = (reading: Reading): Sample[] =>
  reading.flatMap(({ name, usage }) =>
    usage.containers.map((consumed) => {
      const { pod, container } = consumed
      const labels = { node: name, namespace: pod.namespace, pod: pod.name, container }
      return { labels, consumed }
    }),
  )
