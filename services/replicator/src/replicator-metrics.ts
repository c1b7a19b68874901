import {
  type Counter,
  counterIn,
  gaugeIn,
  type Histogram,
  histogramIn,
  type Metrics,
} from '@reckon/process'
import type { WorkQueue } from './work-queue.ts'

/** What is measured of the controllers, under the names of kube-controller-manager's work queues. */
export type ReplicatorMetrics = {
  adds: Counter<'name'>
  retries: Counter<'name'>
  workSeconds: Histogram<'name'>
  /** The queues that are looked at when somebody asks. */
  queues: Map<string, WorkQueue>
}

export function replicatorMetrics(metrics: Metrics): ReplicatorMetrics {
  const queues = new Map<string, WorkQueue>()
  gaugeIn(metrics, {
    name: 'workqueue_depth',
    help: 'Keys that are due',
    labelNames: ['name'],
    collect() {
      for (const [name, queue] of queues) this.set({ name }, queue.depth)
    },
  })
  return {
    queues,
    adds: counterIn(metrics, {
      name: 'workqueue_adds_total',
      help: 'Reasons to look at a key',
      labelNames: ['name'],
    }),
    retries: counterIn(metrics, {
      name: 'workqueue_retries_total',
      help: 'Keys that were refused or failed, and rest',
      labelNames: ['name'],
    }),
    workSeconds: histogramIn(metrics, {
      name: 'workqueue_work_duration_seconds',
      help: 'How long a key was worked on, until what was written for it is in the view',
      labelNames: ['name'],
      buckets: [0.001, 0.01, 0.1, 1, 10],
    }),
  }
}
