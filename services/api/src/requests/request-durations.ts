import { counterIn, histogramIn, type Metrics } from '@reckon/process'
import type { RequestInfo } from './request-info.ts'

const names = ['verb', 'group', 'version', 'resource', 'subresource', 'scope'] as const

/** Upstream's histogram buckets, as far as its service-level rules use them. */
const levels = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 4, 5, 8, 10, 15, 20, 30, 60]

type Answered = { seconds: number; code: number; isLong: boolean }

/** The outcome and duration of requests under kube-apiserver's metric names. */
export function requestDurations(metrics: Metrics): {
  observe(about: RequestInfo, answered: Answered): void
} {
  const total = counterIn(metrics, {
    name: 'apiserver_request_total',
    help: 'Requests, by what they were about and how they were answered',
    labelNames: [...names, 'code'],
  })
  const all = histogramIn(metrics, {
    name: 'apiserver_request_duration_seconds',
    help: 'How long a request took until it was answered; a watch until it ended',
    labelNames: [...names],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 2, 5, 15, 60],
  })
  const level = histogramIn(metrics, {
    name: 'apiserver_request_sli_duration_seconds',
    help: 'How long a request took that does not last as long as somebody looks on',
    labelNames: [...names],
    buckets: levels,
  })
  return {
    observe(about, { seconds, code, isLong }) {
      total.inc({ ...about, code })
      all.observe(about, seconds)
      if (!isLong) level.observe(about, seconds)
    },
  }
}
