import type { DeploymentStatus } from '@reckon/kubernetes'
import { conditionOf, type Statement } from './condition.ts'
import { type Moment, progressing } from './progress.ts'
import { allOf, availableOf, type Rollout, sizeOf, total } from './rollout.ts'

const minimumAvailable: Statement = {
  type: 'Available',
  status: 'True',
  reason: 'MinimumReplicasAvailable',
  message: 'Deployment has minimum availability.',
}
const minimumUnavailable: Statement = {
  type: 'Available',
  status: 'False',
  reason: 'MinimumReplicasUnavailable',
  message: 'Deployment does not have minimum availability.',
}

/** The status as the ReplicaSets make it, in the words for which `kubectl rollout status` waits. */
export function deploymentStatus(rollout: Rollout, moment: Moment): DeploymentStatus {
  const { deployment, current, replicas, maxUnavailable } = rollout
  const all = allOf(rollout)
  const available = total(all, availableOf)
  const before = deployment.status ?? {}
  const status: DeploymentStatus = {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...counted({
      replicas: total(all, (replicaSet) => replicaSet.status?.replicas ?? 0),
      updatedReplicas: current?.status?.replicas ?? 0,
      readyReplicas: total(all, (replicaSet) => replicaSet.status?.readyReplicas ?? 0),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, total(all, sizeOf) - available),
    }),
    ...(before.collisionCount !== undefined && { collisionCount: before.collisionCount }),
  }
  const isAvailable = available >= replicas - maxUnavailable
  const conditions = [
    conditionOf(before, isAvailable ? minimumAvailable : minimumUnavailable, moment),
    ...progressing(rollout, status, moment),
  ]
  return { ...status, conditions }
}

/** Numbers that are zero are left out, as upstream does. */
const counted = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))

/** For a ReplicaSet's name that is taken by a stranger: the next hash is another one. */
export const collided = (status: DeploymentStatus = {}): DeploymentStatus => ({
  ...status,
  collisionCount: (status.collisionCount ?? 0) + 1,
})
