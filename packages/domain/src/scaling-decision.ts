/** What an autoscaler saw of one metric, and the replicas that it asks for. */
export type SeenMetric = {
  /** Upstream's name: `cpu resource utilization (percentage of request)`. */
  name: string
  /** As `kubectl get` shows it: `120%`, `250m`. */
  current?: string
  target: string
  replicas?: number
  /** Why the value is unknown. */
  unknown?: string
  /** How many pods counted in full, and how many did not: starting, not reported, or terminating. */
  pods: { ready: number; unready: number; missing: number; ignored: number }
}

/** Why an autoscaler changed its target's replicas; recorded with its status, so that it can be explained for ever. */
export type ScalingDecision = {
  from: number
  to: number
  /** In upstream's words. */
  reason: string
  metrics: SeenMetric[]
  /** The replicas that the metrics ask for, before windows, rates and bounds; absent where only these decided. */
  wanted?: number
  /** Which of these limited it, in upstream's words. */
  held?: string[]
}
