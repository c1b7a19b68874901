import { createMetrics, gaugeIn, type Histogram, histogramIn, type Metrics } from '@reckon/process'
import type { ObjectCache } from './object-cache.ts'

/** Metrics of one node's pods, under a kubelet's names. */
export type KubeletMetrics = {
  /** For one node only: an agent of simulated nodes has several. */
  registry: Metrics
  /** From when the node learned of a pod until its containers ran. */
  podStartSeconds: Histogram<never>
  /** How long a sync of one pod took, until its next steps were begun. */
  podWorkerSeconds: Histogram<'operation_type'>
}

const buckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300]

type Measured = { node: string; known: Pick<ObjectCache, 'pods'> }

export function kubeletMetrics({ node, known }: Measured): KubeletMetrics {
  const registry = createMetrics()
  gaugeIn(registry, {
    name: 'kubelet_node_name',
    help: 'The node',
    labelNames: ['node'],
    collect() {
      this.set({ node }, 1)
    },
  })
  gaugeIn(registry, {
    name: 'kubelet_running_pods',
    help: 'Pods that have told that they run',
    collect() {
      this.set(known.pods().filter(({ object }) => object.status?.phase === 'Running').length)
    },
  })
  gaugeIn(registry, {
    name: 'kubelet_running_containers',
    help: 'Containers of those pods, by their state',
    labelNames: ['container_state'],
    collect() {
      const statuses = known.pods().flatMap(({ object }) => object.status?.containerStatuses ?? [])
      const count = (is: 'running' | 'terminated') =>
        statuses.filter(({ state }) => state?.[is] !== undefined).length
      this.set({ container_state: 'running' }, count('running'))
      this.set({ container_state: 'exited' }, count('terminated'))
    },
  })
  return {
    registry,
    podStartSeconds: histogramIn(registry, {
      name: 'kubelet_pod_start_duration_seconds',
      help: 'From when the node heard of a pod until its containers ran',
      labelNames: [],
      buckets,
    }),
    podWorkerSeconds: histogramIn(registry, {
      name: 'kubelet_pod_worker_duration_seconds',
      help: 'How long a look at a pod took, until its next steps were begun',
      labelNames: ['operation_type'],
      buckets,
    }),
  }
}
