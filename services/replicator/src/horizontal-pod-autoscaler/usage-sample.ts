import {
  conditionOf,
  containersOf,
  cpuMillis,
  isTerminating,
  ownValue,
  type Pod,
  unitsOf,
} from '@reckon/kubernetes'
import type { PodUsage } from '@reckon/node-plane'

/**
 * One pod's contribution to a metric: whether it counts, its usage and its request. CPU in millicores, memory in bytes.
 */
export type UsageSample = {
  readonly pod: string
  readonly standing: 'Ready' | 'Unready' | 'Missing' | 'Ignored'
  /** Undefined where no usage is reported. */
  readonly usage?: number
  /** Undefined where a container has no request. */
  readonly request?: number
  /** The container without a request. */
  readonly unasked?: string
}

/** What a metric measures: `cpu` or another resource, of all containers or of one. */
export type Measured = { readonly resource: string; readonly container?: string | undefined }

/** A pod's usage as its node reported it. */
export type HeardUsage = PodUsage & { readonly heardAtMs: number }

/** For this long after its start, the CPU usage of a pod that is not ready is taken for start-up work. */
const initialMs = 300_000
/** A pod whose readiness changed later than this after its start has been ready before. */
const readinessDelayMs = 30_000

/** Classifies a pod for a metric: upstream's groupPods. */
export function sampleOf(
  pod: Pod,
  told: HeardUsage | undefined,
  { measured, nowMs }: { measured: Measured; nowMs: number },
): UsageSample {
  const usage = told && usageOf(told, measured)
  return {
    pod: pod.metadata.name,
    standing: standingOf(pod, { measured, nowMs, ...(usage !== undefined && told && { told }) }),
    ...(usage !== undefined && { usage }),
    ...requestOf(pod, measured),
  }
}

type Seen = { measured: Measured; nowMs: number; told?: HeardUsage }

function standingOf(pod: Pod, { measured, nowMs, told }: Seen): UsageSample['standing'] {
  if (isTerminating(pod) || pod.status?.phase === 'Failed') return 'Ignored'
  if (pod.status?.phase === 'Pending') return 'Unready'
  if (told === undefined) return 'Missing'
  return measured.resource === 'cpu' && isStarting(pod, told, nowMs) ? 'Unready' : 'Ready'
}

function isStarting({ status }: Pod, { heardAtMs, windowMs }: HeardUsage, nowMs: number): boolean {
  const ready = conditionOf(status, 'Ready')
  if (ready === undefined || status?.startTime === undefined) return true
  const startMs = Date.parse(status.startTime)
  const changedMs = Date.parse(ready.lastTransitionTime ?? status.startTime)
  const isUnready = ready.status === 'False'
  if (startMs + initialMs > nowMs) return isUnready || heardAtMs < changedMs + windowMs
  return isUnready && startMs + readinessDelayMs > changedMs
}

function usageOf(
  { containers }: HeardUsage,
  { resource, container }: Measured,
): number | undefined {
  const counted = containers.filter(({ name }) => container === undefined || name === container)
  if (counted.length === 0) return undefined
  return counted.reduce((sum, { cpuNanocores, memoryBytes }) => {
    return sum + (resource === 'cpu' ? Math.ceil(cpuNanocores / 1e6) : memoryBytes)
  }, 0)
}

function requestOf(
  { spec }: Pod,
  { resource, container }: Measured,
): Pick<UsageSample, 'request' | 'unasked'> {
  let request = 0
  for (const each of containersOf(spec)) {
    const isInitial = spec.initContainers?.includes(each) && each.restartPolicy !== 'Always'
    if (isInitial || (container !== undefined && each.name !== container)) continue
    const asked = ownValue(each.resources?.requests, resource)
    if (asked === undefined) return { unasked: each.name }
    request += resource === 'cpu' ? cpuMillis(asked) : unitsOf(asked)
  }
  return { request }
}
