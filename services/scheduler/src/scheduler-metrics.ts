import {
  type Counter,
  counterIn,
  gaugeIn,
  type Histogram,
  histogramIn,
  type Metrics,
} from '@reckon/process'
import type { SchedulingQueue } from './queue.ts'

type Result = 'result' | 'profile'

/** Metrics under kube-scheduler's names; a profile is named after its scheduler name. `queue` is read when scraped. */
export type SchedulerMetrics = {
  attempts: Counter<Result>
  attemptSeconds: Histogram<Result>
  algorithmSeconds: Histogram<never>
  /** From a pod's first attempt until its placement. */
  podSeconds: Histogram<'attempts'>
  preemptionVictims: Histogram<never>
  queue: SchedulingQueue | undefined
}

export function schedulerMetrics(metrics: Metrics): SchedulerMetrics {
  const own: SchedulerMetrics = {
    queue: undefined,
    attempts: counterIn(metrics, {
      name: 'scheduler_schedule_attempts_total',
      help: 'Attempts to place a pod, by their result',
      labelNames: ['result', 'profile'],
    }),
    attemptSeconds: histogramIn(metrics, {
      name: 'scheduler_scheduling_attempt_duration_seconds',
      help: 'From the decision until it was recorded or refused; how long the decision took where no node suits',
      labelNames: ['result', 'profile'],
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
    }),
    algorithmSeconds: histogramIn(metrics, {
      name: 'scheduler_scheduling_algorithm_duration_seconds',
      help: 'How long a decision took',
      labelNames: [],
      buckets: [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024],
    }),
    podSeconds: histogramIn(metrics, {
      name: 'scheduler_pod_scheduling_sli_duration_seconds',
      help: 'From the first attempt to place a pod until it was placed, by the number of attempts',
      labelNames: ['attempts'],
      buckets: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 60, 300],
    }),
    preemptionVictims: histogramIn(metrics, {
      name: 'scheduler_preemption_victims',
      help: 'Pods that had to leave a node for one that no node suited',
      labelNames: [],
      buckets: [1, 2, 4, 8, 16, 32, 64],
    }),
  }
  gaugeIn(metrics, {
    name: 'scheduler_pending_pods',
    help: 'Pods that wait for a node, by where they wait',
    labelNames: ['queue'],
    collect() {
      for (const [queue, count] of Object.entries(own.queue?.counts ?? {}))
        this.set({ queue }, count)
    },
  })
  gaugeIn(metrics, {
    name: 'scheduler_unschedulable_pods',
    help: 'Parked pods that a plugin keeps off some node',
    labelNames: ['plugin'],
    collect() {
      this.reset()
      for (const [plugin, count] of own.queue?.rejections ?? []) this.set({ plugin }, count)
    },
  })
  return own
}

/** Upstream's label: all above fifteen share one. */
export const attemptsLabel = (attempts: number): string =>
  attempts >= 15 ? '15+' : String(attempts)
