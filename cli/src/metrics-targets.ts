import type { ProcessSpec } from '@reckon/supervisor/reading'

/** A process whose figures are asked for on its socket, and as which job upstream's rules know it. */
export type Scraped = { name: string; job: string; socket: string }

/** What stands for which of upstream's parts; nobody's rules know the others. */
const jobs: Readonly<Record<string, string>> = {
  scheduler: 'kube-scheduler',
  replicator: 'kube-controller-manager',
  proxy: 'kube-proxy',
  'event-store': 'eventstore',
}

/**
 * The processes of this machine whose figures the door shows: all of ours but the api, which answers for itself, to who
 * may ask it. Pure.
 */
export const scrapedProcesses = (specs: readonly ProcessSpec[]): Scraped[] =>
  specs.flatMap(({ name, replicaOf, healthSocket: socket }) => {
    const service = replicaOf ?? name
    if (socket === undefined || service === 'api') return []
    return [{ name, job: jobs[service] ?? 'reckon', socket }]
  })

/** Those processes in the form of Prometheus' HTTP service discovery, as they are found at this address. Pure. */
export const targetsOf = (scraped: readonly Scraped[], address: string) =>
  scraped.map(({ name, job }) => ({
    targets: [address],
    labels: { job, instance: name, __metrics_path__: `/${name}/metrics` },
  }))
