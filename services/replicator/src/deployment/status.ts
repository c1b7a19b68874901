import type { Deployment, DeploymentStatus } from '@reckon/kubernetes'
import { replicaSetRefused } from '../refused-creation.ts'
import { type Condition, conditionOf, type Statement } from './condition.ts'
import { hasDeadline, type Moment, progressing } from './progress.ts'
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

/** The status computed from the ReplicaSets, in the words that `kubectl rollout status` waits for. */
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
    ...replicaFailure(rollout, moment),
  ]
  return { ...status, conditions }
}

/** What the ReplicaSets report about pods that they could not create, the present one first. */
function replicaFailure({ current, old, deployment }: Rollout, moment: Moment): Condition[] {
  const sets = current ? [current, ...old] : old
  const said = sets
    .flatMap(({ status }) => status?.conditions ?? [])
    .find(({ type }) => type === 'ReplicaFailure')
  if (said === undefined) return []
  const { type, status, reason = '', message = '' } = said
  return [conditionOf(deployment.status ?? {}, { type, status, reason, message }, moment)]
}

/** The status of a Deployment whose ReplicaSet is refused, as upstream. */
export function notCreated(
  { status: before = {}, metadata, spec }: Deployment,
  { name, message }: { name: string; message: string },
  nowMs: number,
): DeploymentStatus {
  const observedGeneration = metadata.generation ?? 1
  if (!hasDeadline(spec)) return { ...before, observedGeneration }
  const statement = {
    ...{ type: 'Progressing', status: 'False', reason: 'ReplicaSetCreateError' },
    message: replicaSetRefused(name, message),
  }
  const others = (before.conditions ?? []).filter(({ type }) => type !== 'Progressing')
  const conditions = [...others, conditionOf(before, statement, { nowMs })]
  return { ...before, observedGeneration, conditions }
}

/** As upstream, zeros are omitted. */
const counted = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))

/** When another owner's ReplicaSet has the name, counts a collision: the next hash will differ. */
export const collided = (status: DeploymentStatus = {}): DeploymentStatus => ({
  ...status,
  collisionCount: (status.collisionCount ?? 0) + 1,
})
