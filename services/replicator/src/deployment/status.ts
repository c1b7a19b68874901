import { secondsOf } from '@reckon/domain'
import type { Deployment, DeploymentStatus } from '@reckon/kubernetes'
import { allOf, availableOf, type Rollout, sizeOf, total } from './rollout.ts'

type Condition = NonNullable<DeploymentStatus['conditions']>[number]
type Reason = { status: 'True' | 'False' | 'Unknown'; reason: string; message: string }

/** How a status is judged: now, and whether the present ReplicaSet is being made by this same plan. */
type Moment = { nowMs: number; created?: string }

/** The status as the ReplicaSets make it, in the words of which `kubectl rollout status` waits for. */
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
    conditionOf(before, 'Available', isAvailable ? minimumAvailable : minimumUnavailable, moment),
    ...progressingOf(rollout, status, moment),
  ]
  return { ...status, conditions }
}

/** Numbers that are zero are left out, as upstream does. */
const counted = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))

/** Whether every wanted pod is there, of the present template, and available; and no other. */
export function isComplete(rollout: Rollout, status: DeploymentStatus): boolean {
  const { replicas, deployment } = rollout
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 1)
  )
}

/** When the rollout will have taken too long, in milliseconds; undefined where it is over or has no deadline. */
export function deadlineOf({ spec }: Deployment, status: DeploymentStatus): number | undefined {
  const progressing = status.conditions?.find(({ type }) => type === 'Progressing')
  const seconds = spec.progressDeadlineSeconds
  if (!progressing?.lastUpdateTime || !hasDeadline(seconds) || isOver(progressing)) return undefined
  return Date.parse(progressing.lastUpdateTime) + seconds * 1000 + 1000
}

const minimumAvailable: Reason = {
  status: 'True',
  reason: 'MinimumReplicasAvailable',
  message: 'Deployment has minimum availability.',
}
const minimumUnavailable: Reason = {
  status: 'False',
  reason: 'MinimumReplicasUnavailable',
  message: 'Deployment does not have minimum availability.',
}

const isOver = ({ reason }: Condition): boolean =>
  ['NewReplicaSetAvailable', 'ProgressDeadlineExceeded', 'DeploymentPaused'].includes(reason ?? '')

const hasDeadline = (seconds: number | undefined): seconds is number =>
  seconds !== undefined && seconds < 2 ** 31 - 1

function progressingOf(rollout: Rollout, status: DeploymentStatus, moment: Moment): Condition[] {
  const { deployment, current } = rollout
  if (!hasDeadline(deployment.spec.progressDeadlineSeconds)) return []
  const before = deployment.status ?? {}
  const known = before.conditions?.find(({ type }) => type === 'Progressing')
  const progress = (reason: Reason, renew = false) => [
    conditionOf(before, 'Progressing', reason, { ...moment, renew }),
  ]
  const say = (status: Reason['status'], reason: string, message: string) => ({
    status,
    reason,
    message,
  })
  if (deployment.spec.paused) {
    if (known?.reason === 'NewReplicaSetAvailable') return [known]
    return progress(say('Unknown', 'DeploymentPaused', 'Deployment is paused'))
  }
  const name = current?.metadata.name ?? moment.created ?? ''
  if (moment.created) {
    return progress(say('True', 'NewReplicaSetCreated', `Created new replica set "${name}"`))
  }
  if (isComplete(rollout, status)) {
    const message = `ReplicaSet "${name}" has successfully progressed.`
    return progress(say('True', 'NewReplicaSetAvailable', message))
  }
  if (known?.reason === 'DeploymentPaused') {
    return progress(say('Unknown', 'DeploymentResumed', 'Deployment is resumed'))
  }
  // A finished rollout that merely lost a pod has not begun anew.
  const finished = known?.reason === 'NewReplicaSetAvailable'
  if (finished && (status.replicas ?? 0) === (status.updatedReplicas ?? 0)) return [known]
  if (known && hasProgressed(before, status)) {
    return progress(say('True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`), true)
  }
  if (known === undefined || finished) {
    return progress(say('True', 'FoundNewReplicaSet', `Found new replica set "${name}"`))
  }
  const deadline = deadlineOf(deployment, before)
  if (deadline === undefined || moment.nowMs < deadline) return [known]
  const message = `ReplicaSet "${name}" has timed out progressing.`
  return progress(say('False', 'ProgressDeadlineExceeded', message))
}

function hasProgressed(before: DeploymentStatus, now: DeploymentStatus): boolean {
  const of = (status: DeploymentStatus) => ({
    updated: status.updatedReplicas ?? 0,
    old: (status.replicas ?? 0) - (status.updatedReplicas ?? 0),
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
  })
  const [from, to] = [of(before), of(now)]
  return (
    to.updated > from.updated ||
    to.old < from.old ||
    to.ready > from.ready ||
    to.available > from.available
  )
}

/** The condition with its times: unchanged where nothing was said anew. */
function conditionOf(
  before: DeploymentStatus,
  type: string,
  { status, reason, message }: Reason,
  { nowMs, renew = false }: { nowMs: number; renew?: boolean },
): Condition {
  const known = before.conditions?.find((condition) => condition.type === type)
  if (known?.status === status && known.reason === reason && !renew) return known
  const now = secondsOf(nowMs)
  const lastTransitionTime = known?.status === status ? (known.lastTransitionTime ?? now) : now
  return { type, status, reason, message, lastUpdateTime: now, lastTransitionTime }
}

/** For a ReplicaSet's name that is taken by a stranger: the next hash is another one. */
export const collided = (status: DeploymentStatus = {}): DeploymentStatus => ({
  ...status,
  collisionCount: (status.collisionCount ?? 0) + 1,
})
