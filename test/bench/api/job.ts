import type { Size } from '../benchmark.ts'
import type { FanOutSize } from './fan-out.ts'
import type { ServerProcess } from './server-processes.ts'

/** How many requests of each kind are sent. */
export type Amounts = {
  creates: number
  gets: number
  patches: number
  pods: number
  lists: number
  fanOut: FanOutSize
}

/** What the load's process needs to know. */
export type Job<A = Amounts> = {
  kubeconfig: string
  server: readonly ServerProcess[]
  amounts: A
}

export const amountsOf: Record<Size, Amounts> = {
  tiny: {
    ...{ creates: 300, gets: 300, patches: 300, pods: 1200, lists: 2 },
    fanOut: { watchers: 10, writesPerSecond: [20, 50], stepSeconds: 2 },
  },
  usual: {
    ...{ creates: 10_000, gets: 20_000, patches: 10_000, pods: 5000, lists: 5 },
    fanOut: { watchers: 200, writesPerSecond: [50, 100, 250, 500, 750, 1000], stepSeconds: 5 },
  },
  full: {
    ...{ creates: 60_000, gets: 40_000, patches: 20_000, pods: 20_000, lists: 10 },
    fanOut: {
      watchers: 200,
      writesPerSecond: [50, 100, 150, 200, 250, 300, 400, 500, 600, 700, 800, 1000, 1250, 1500],
      stepSeconds: 10,
    },
  },
}
