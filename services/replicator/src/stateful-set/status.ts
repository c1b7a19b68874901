import { isReady, isTerminating, type StatefulSetStatus } from '@reckon/kubernetes'
import { countPods } from '../ownership/pod-counts.ts'
import { revisionNameOf } from './identity.ts'
import type { ObservedSet } from './pods.ts'

/** The status of a StatefulSet: the numbers of its pods by progress and revision. */
export function statefulSetStatus(observed: ObservedSet): {
  status: StatefulSetStatus
  nextAvailableAtMs?: number
} {
  const { set, owned, current, update, nowMs } = observed
  const { minReadySeconds, replicas = 1, updateStrategy } = set.spec
  const ready = owned.filter(({ status }) => status?.phase === 'Running' && isReady(status))
  const { nextAvailableAtMs, availableReplicas } = countPods(ready, { minReadySeconds, nowMs })
  const countOf = (revision: string) =>
    owned.filter((pod) => !isTerminating(pod) && revisionNameOf(pod) === revision).length
  const updated = countOf(update.metadata.name)
  const isUpdated =
    updateStrategy?.type === 'RollingUpdate' &&
    [updated, ready.length, owned.length].every((count) => count === replicas)
  const now = isUpdated ? update : current
  const counts = {
    readyReplicas: ready.length,
    currentReplicas: countOf(now.metadata.name),
    updatedReplicas: updated,
  }
  return {
    status: {
      observedGeneration: set.metadata.generation ?? 1,
      replicas: owned.length,
      ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
      currentRevision: now.metadata.name,
      updateRevision: update.metadata.name,
      collisionCount: set.status?.collisionCount ?? 0,
      availableReplicas,
    },
    ...(nextAvailableAtMs !== undefined && { nextAvailableAtMs }),
  }
}
