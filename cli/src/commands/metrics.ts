import { once } from 'node:events'
import { locateComponents } from '@reckon/bootstrap'
import { noClusterIn, processesHere } from '@reckon/supervisor/reading'
import type { Command } from 'commander'
import { layoutFor, withDataDir } from '../data-dir.ts'
import { createMetricsProxy } from '../metrics-proxy.ts'
import { scrapedProcesses } from '../metrics-targets.ts'
import { portOf } from '../options.ts'

type MetricsOptions = { dataDir: string; port: number }

/**
 * `reckon metrics`: serves the metrics of this machine's processes on loopback; each process itself only serves them on
 * a unix socket. Every user of this machine can read them there, and each pod in its network; they are numbers without
 * names of pods.
 */
export function defineMetrics(command: Command): void {
  withDataDir(command)
    .option('--port <port>', 'the port on this machine at which they are found', portOf, 9190)
    .addHelpText(
      'after',
      '\nExample:\n  reckon metrics &\n  curl http://127.0.0.1:9190/scheduler/metrics\n\nA Prometheus on this machine finds them by http_sd_configs: http://127.0.0.1:9190/targets' +
        '\nEvery user of this machine may read them there: they are numbers and name no pods.' +
        "\nThe api's own, the nodes' and the objects' are asked of the api: examples/monitoring shows how.",
    )
    .action(metrics)
}

async function metrics({ dataDir, port }: MetricsOptions): Promise<void> {
  const layout = layoutFor(dataDir)
  const components = await locateComponents()
  const scraped = async () => {
    const here = await processesHere(layout, components)
    return here ? scrapedProcesses(here.specs) : []
  }
  if ((await scraped()).length === 0) {
    throw new Error(noClusterIn(layout))
  }
  const proxy = createMetricsProxy(scraped)
  proxy.listen(port, '127.0.0.1')
  await once(proxy, 'listening')
  console.log(`http://127.0.0.1:${port}/targets`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => proxy.close())
  await once(proxy, 'close')
}
