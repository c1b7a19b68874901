import type { Clock } from '@reckon/eventing'
import {
  type Counter,
  counterIn,
  gaugeIn,
  type Histogram,
  histogramIn,
  type Metrics,
} from '@reckon/process'
import type { WorkQueue } from './work-queue.ts'

/** Metrics of the controllers, under the names of kube-controller-manager's work queues. */
export type ReplicatorMetrics = {
  adds: Counter<'name'>
  retries: Counter<'name'>
  workSeconds: Histogram<'name'>
  queueSeconds: Histogram<'name'>
  /** The queues that are read when the metrics are scraped. */
  queues: Map<string, WorkQueue>
  /** For each controller the keys in progress and since when, in milliseconds. */
  working: Map<string, ReadonlyMap<string, number>>
}

export function replicatorMetrics(metrics: Metrics, clock: Clock): ReplicatorMetrics {
  const queues = new Map<string, WorkQueue>()
  const working: ReplicatorMetrics['working'] = new Map()
  measureWorking(metrics, clock, working)
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
    working,
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
    queueSeconds: histogramIn(metrics, {
      name: 'workqueue_queue_duration_seconds',
      help: 'From the first reason to look at a key until somebody looked',
      labelNames: ['name'],
      buckets: [0.001, 0.01, 0.1, 1, 10],
    }),
  }
}

/** The age of work in progress: if it keeps growing, a controller is stuck. */
function measureWorking(
  metrics: Metrics,
  clock: Clock,
  working: ReplicatorMetrics['working'],
): void {
  const secondsOf = (since: ReadonlyMap<string, number>) =>
    [...since.values()].map((beganMs) => (clock.now() - beganMs) / 1000)
  gaugeIn(metrics, {
    name: 'workqueue_unfinished_work_seconds',
    help: 'For how long what is worked on has been worked on, together',
    labelNames: ['name'],
    collect() {
      for (const [name, since] of working)
        this.set(
          { name },
          secondsOf(since).reduce((all, each) => all + each, 0),
        )
    },
  })
  gaugeIn(metrics, {
    name: 'workqueue_longest_running_processor_seconds',
    help: 'For how long what has been worked on the longest has been worked on',
    labelNames: ['name'],
    collect() {
      for (const [name, since] of working) this.set({ name }, Math.max(0, ...secondsOf(since)))
    },
  })
}
