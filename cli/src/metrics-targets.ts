import type { ProcessSpec } from '@reckon/supervisor/reading'

/** A process whose metrics are read from its socket, and its job name in upstream's rules. */
export type Scraped = { name: string; job: string; socket: string }

/** The job names of upstream's components; the others are in nobody's rules. */
const jobs: Readonly<Record<string, string>> = {
  scheduler: 'kube-scheduler',
  replicator: 'kube-controller-manager',
  proxy: 'kube-proxy',
  'event-store': 'eventstore',
}

/**
 * The processes of this machine whose metrics are served: all except the api, which serves its own to authorized users.
 * Pure.
 */
export const scrapedProcesses = (specs: readonly ProcessSpec[]): Scraped[] =>
  specs.flatMap(({ name, replicaOf, healthSocket: socket }) => {
    const service = replicaOf ?? name
    if (socket === undefined || service === 'api') return []
    return [{ name, job: jobs[service] ?? 'reckon', socket }]
  })

/** Those processes in the form of Prometheus' HTTP service discovery, at this address. Pure. */
export const targetsOf = (scraped: readonly Scraped[], address: string) =>
  scraped.map(({ name, job }) => ({
    targets: [address],
    labels: { job, instance: name, __metrics_path__: `/${name}/metrics` },
  }))
