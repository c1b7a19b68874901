import { resolve } from 'node:path'
import type { Benchmark, Size } from '../benchmark.ts'
import { rowOf } from './api.ts'
import type { FanOutSize } from './fan-out.ts'
import { measureApi } from './measure-api.ts'
import { withOwnCluster } from './own-cluster.ts'
import { findServer } from './server-processes.ts'

/** Measures one fan-out after the other, each with its own watchers. */
export type WatcherAmounts = { fanOuts: readonly FanOutSize[] }

const amountsOf: Record<Size, WatcherAmounts> = {
  tiny: {
    fanOuts: [
      { watchers: 10, writesPerSecond: [20], stepSeconds: 2 },
      { watchers: 10, stopped: 1, writesPerSecond: [20], stepSeconds: 2 },
    ],
  },
  usual: {
    fanOuts: [
      { watchers: 200, writesPerSecond: [250], stepSeconds: 20 },
      { watchers: 200, stopped: 1, writesPerSecond: [250], stepSeconds: 90 },
      { watchers: 2000, writesPerSecond: [10], stepSeconds: 20 },
    ],
  },
  full: {
    fanOuts: [
      { watchers: 200, writesPerSecond: [500], stepSeconds: 20 },
      { watchers: 200, stopped: 1, writesPerSecond: [500], stepSeconds: 90 },
      { watchers: 2000, writesPerSecond: [10, 20, 40], stepSeconds: 20 },
    ],
  },
}

export const watchers: Benchmark = {
  name: 'watchers',
  about:
    'Watchers of one namespace, each on a TLS connection of its own, beside one that stops reading, and many of them. CPU of the server’s processes for each delivery, latencies from when its write was due.',
  async run(size, { kubeconfig, serverPids }) {
    const measure = async (file: string) => {
      const server = await findServer(file, serverPids)
      const job = { kubeconfig: file, server, amounts: amountsOf[size] }
      const { figures } = await measureApi(job, 'watchers-load.ts')
      return figures.map(rowOf)
    }
    return kubeconfig ? measure(resolve(kubeconfig)) : withOwnCluster(measure)
  },
}
