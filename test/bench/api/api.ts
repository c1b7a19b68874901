import { resolve } from 'node:path'
import { type Benchmark, type Row, shown } from '../benchmark.ts'
import { type ApiFigures, type Figure, total } from './figure.ts'
import { amountsOf } from './job.ts'
import { measureApi } from './measure-api.ts'
import { withOwnCluster } from './own-cluster.ts'
import { findServer } from './server-processes.ts'

export const api: Benchmark = {
  name: 'api',
  about:
    'A Kubernetes API over 64 TLS connections that are kept alive, asked by a process of its own: ConfigMaps of 1 KB, pods that nobody schedules, watchers on connections of their own. CPU of the server’s processes for each request; for the watches for each delivery, latencies from when its write was due.',
  async run(size, { kubeconfig, serverPids }) {
    const measure = async (file: string) =>
      measureApi({
        kubeconfig: file,
        server: await findServer(file, serverPids),
        amounts: amountsOf[size],
      })
    return rowsOf(await (kubeconfig ? measure(resolve(kubeconfig)) : withOwnCluster(measure)))
  },
}

const rowsOf = ({ figures, memoryMiB }: ApiFigures): Row[] => [
  ...figures.map(rowOf),
  {
    what: 'MiB afterwards',
    'server µs': '',
    'of which': parts(memoryMiB),
    note: `${shown(total(memoryMiB))} MiB`,
  },
]

/** A figure, formatted for a table. */
export const rowOf = (figure: Figure): Row => ({
  what: figure.what,
  'a second': shown(figure.perSecond),
  'p50 ms': shown(figure.p50Ms),
  'p99 ms': shown(figure.p99Ms),
  'slowest ms': shown(figure.maxMs),
  'server µs': shown(total(figure.serverMicros)),
  'of which': parts(figure.serverMicros),
  'load µs': shown(figure.loadMicros),
  note: figure.note ?? '',
})

/** The largest first. */
function parts(byProcess: Record<string, number>): string {
  const least = total(byProcess) / 100
  return Object.entries(byProcess)
    .filter(([, value]) => value > least)
    .sort(([, a], [, b]) => b - a)
    .map(([name, value]) => `${name} ${shown(value)}`)
    .join(', ')
}
