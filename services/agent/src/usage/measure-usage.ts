import { gaugeIn, type Metrics } from '@reckon/process'
import type { Runtime } from '../runtime/runtime.ts'
import type { Consumed, RuntimeUsage } from '../runtime/runtime-usage.ts'
import { readUsage } from './read-usage.ts'

type Measured = { name: string; runtime: Pick<Runtime, 'usage'> }
type Sample = { labels: Record<string, string>; consumed: Consumed }

const containerLabels = ['node', 'namespace', 'pod', 'container'] as const

/** What the nodes of this process and their containers use, under the names of a kubelet's resource metrics; read when asked. */
export function measureUsage(metrics: Metrics, nodes: readonly Measured[]): void {
  const read = sharedReading(nodes)
  const gauge = (
    name: string,
    about: { help: string; labels: readonly string[]; samples: typeof machineSamples },
    value: (consumed: Consumed) => number,
  ) =>
    gaugeIn(metrics, {
      name,
      help: about.help,
      labelNames: [...about.labels],
      async collect() {
        this.reset()
        for (const { labels, consumed } of about.samples(await read())) {
          this.set(labels, value(consumed))
        }
      },
    })
  const about = { node: ['node'], container: containerLabels }
  for (const [subject, samples] of [
    ['node', machineSamples],
    ['container', containerSamples],
  ] as const) {
    const labels = about[subject]
    const cpu = { labels, samples, help: `Processor time that the ${subject} has had, in seconds` }
    const memory = { labels, samples, help: `Working set of the ${subject}, in bytes` }
    gauge(`${subject}_cpu_usage_seconds_total`, cpu, ({ cpuSeconds }) => cpuSeconds)
    gauge(`${subject}_memory_working_set_bytes`, memory, ({ memoryBytes }) => memoryBytes)
  }
}

type Reading = readonly { name: string; usage: RuntimeUsage }[]

/** The gauges of one scrape share one reading; a node whose engine is away is left out. */
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
