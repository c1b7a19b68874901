/** What an autoscaler saw of one metric, and how many pods that wants. */
export type SeenMetric = {
  /** As upstream calls it: `cpu resource utilization (percentage of request)`. */
  name: string
  /** As `kubectl get` shows it: `120%`, `250m`. */
  current?: string
  target: string
  replicas?: number
  /** Why nothing is known of it. */
  unknown?: string
  /** How many pods counted in full, and how many did not: they start, nobody tells of them, or they go. */
  pods: { ready: number; unready: number; missing: number; ignored: number }
}

/**
 * Why an autoscaler gave what it scales another number of replicas: recorded with its status, so that it can be told
 * for ever.
 */
export type ScalingDecision = {
  from: number
  to: number
  /** In upstream's words. */
  reason: string
  metrics: SeenMetric[]
  /** How many the metrics want, before windows, rates and bounds; absent where these alone decided. */
  wanted?: number
  /** What was in the way of that, in upstream's words. */
  held?: string[]
}
