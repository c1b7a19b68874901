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

/**
 * Under kube-scheduler's names; a profile is named by the scheduler that its pods ask for. `queue` is looked at when somebody
 * asks.
 */
export type SchedulerMetrics = {
  attempts: Counter<Result>
  attemptSeconds: Histogram<Result>
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
      help: 'From the decision until it was recorded or refused',
      labelNames: ['result', 'profile'],
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
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
  return own
}
