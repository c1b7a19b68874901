import {
  amountOfPods,
  isReady,
  isTerminating,
  type Pod,
  type PodDisruptionBudget,
  secondsOf,
} from '@reckon/kubernetes'

/** The replicas of the pod's controller; undefined for a pod without a controller. */
export type Scale = { uid: string; replicas: number }

type Status = NonNullable<PodDisruptionBudget['status']>

/** An evicted pod that is still there after this time counts again. Upstream's DeletionTimeout. */
const goneWithinMs = 120_000

/**
 * Computes what a budget allows with its pods as they are. `scaleOf` throws for controllers without a scale. Upstream's
 * disruption.go. Pure.
 */
export function budgetStatus(
  { spec, status, metadata }: PodDisruptionBudget,
  pods: readonly Pod[],
  { scaleOf, nowMs }: { scaleOf(pod: Pod): Scale | undefined; nowMs: number },
): { status: Status; againAtMs?: number } {
  const evicted = stillExpected(status?.disruptedPods, pods, nowMs)
  const isHealthy = (pod: Pod) =>
    isReady(pod.status) && !isTerminating(pod) && !evicted.has(pod.metadata.name)
  const currentHealthy = pods.filter(isHealthy).length
  const { expectedPods, desiredHealthy } = expectation(spec, pods, scaleOf)
  const allowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0
  const { generation = 0 } = metadata
  const againAtMs = [...evicted.values()].reduce(
    (first, at) => Math.min(first, at + goneWithinMs),
    Number.POSITIVE_INFINITY,
  )
  return {
    status: {
      ...(evicted.size > 0 && {
        disruptedPods: Object.fromEntries([...evicted].map(([name, at]) => [name, secondsOf(at)])),
      }),
      observedGeneration: generation,
      disruptionsAllowed: allowed,
      currentHealthy,
      desiredHealthy,
      expectedPods,
      conditions: [
        conditionOf(status, {
          isAllowed: allowed > 0,
          reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
          observedGeneration: generation,
          nowMs,
        }),
      ],
    },
    ...(evicted.size > 0 && { againAtMs }),
  }
}

/** A budget that cannot be computed allows nothing, and its condition says why. */
export function failedStatus(
  { status, metadata: { generation = 0 } }: PodDisruptionBudget,
  message: string,
  nowMs: number,
): Status {
  const condition = { isAllowed: false, reason: 'SyncFailed', message, nowMs }
  return {
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
    ...status,
    observedGeneration: generation,
    disruptionsAllowed: 0,
    conditions: [conditionOf(status, { ...condition, observedGeneration: generation })],
  }
}

/** Evicted pods that have not gone yet but may still go, with the time of eviction. */
function stillExpected(
  disrupted: Readonly<Record<string, string>> = {},
  pods: readonly Pod[],
  nowMs: number,
): ReadonlyMap<string, number> {
  const present = new Map(pods.map((pod) => [pod.metadata.name, pod]))
  return new Map(
    Object.entries(disrupted).flatMap(([name, time]) => {
      const pod = present.get(name)
      const at = Date.parse(time)
      const isExpected = pod && !isTerminating(pod) && at + goneWithinMs > nowMs
      return isExpected ? [[name, at] as const] : []
    }),
  )
}

function expectation(
  { minAvailable, maxUnavailable }: PodDisruptionBudget['spec'],
  pods: readonly Pod[],
  scaleOf: (pod: Pod) => Scale | undefined,
): { expectedPods: number; desiredHealthy: number } {
  if (typeof minAvailable === 'number') {
    return { expectedPods: pods.length, desiredHealthy: minAvailable }
  }
  if (minAvailable === undefined && maxUnavailable === undefined) {
    return { expectedPods: pods.length, desiredHealthy: 0 }
  }
  const scales = new Map(
    pods.flatMap((pod) => {
      const scale = scaleOf(pod)
      return scale ? [[scale.uid, scale.replicas] as const] : []
    }),
  )
  const expectedPods = [...scales.values()].reduce((sum, replicas) => sum + replicas, 0)
  const share = amountOfPods(maxUnavailable ?? minAvailable ?? 0, expectedPods, Math.ceil)
  const desiredHealthy = maxUnavailable === undefined ? share : Math.max(0, expectedPods - share)
  return { expectedPods, desiredHealthy }
}

type News = {
  isAllowed: boolean
  reason: string
  message?: string
  observedGeneration: number
  nowMs: number
}

/** The condition's time changes only with its status. */
function conditionOf(
  status: Status | undefined,
  { isAllowed, reason, message = '', observedGeneration, nowMs }: News,
) {
  const type = 'DisruptionAllowed'
  const before = status?.conditions?.find((condition) => condition.type === type)
  const said = isAllowed ? 'True' : 'False'
  const lastTransitionTime = before?.status === said ? before.lastTransitionTime : secondsOf(nowMs)
  return { type, status: said, reason, message, lastTransitionTime, observedGeneration }
}
