import type { Deployment, DeploymentStatus } from '@reckon/kubernetes'
import { type Condition, conditionIn, conditionOf, type Statement } from './condition.ts'
import type { Rollout } from './rollout.ts'

/** How progress is judged: at what time, and which ReplicaSet this plan creates. */
export type Moment = { nowMs: number; created?: string }

/** Upstream's reasons, each with its status and message about the present ReplicaSet. */
const reasons = {
  DeploymentPaused: ['Unknown', () => 'Deployment is paused'],
  DeploymentResumed: ['Unknown', () => 'Deployment is resumed'],
  NewReplicaSetCreated: ['True', (name: string) => `Created new replica set "${name}"`],
  FoundNewReplicaSet: ['True', (name: string) => `Found new replica set "${name}"`],
  ReplicaSetUpdated: ['True', (name: string) => `ReplicaSet "${name}" is progressing.`],
  NewReplicaSetAvailable: [
    'True',
    (name: string) => `ReplicaSet "${name}" has successfully progressed.`,
  ],
  ProgressDeadlineExceeded: [
    'False',
    (name: string) => `ReplicaSet "${name}" has timed out progressing.`,
  ],
} as const

type Reason = keyof typeof reasons

/** Whether all wanted pods exist, are of the present template and available, and no others are left. */
export function isComplete(rollout: Rollout, status: DeploymentStatus): boolean {
  const { replicas, deployment } = rollout
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 1)
  )
}

/** When the rollout exceeds its deadline, in milliseconds; undefined where it is over or has no deadline. */
export function deadlineOf({ spec }: Deployment, status: DeploymentStatus): number | undefined {
  const known = conditionIn(status, 'Progressing')
  const seconds = deadlineSecondsOf(spec)
  if (!known?.lastUpdateTime || seconds === undefined || isOver(known)) return undefined
  return Date.parse(known.lastUpdateTime) + seconds * 1000 + 1000
}

/** The Progressing condition; undefined where the Deployment has no progress deadline. */
export function progressing(
  rollout: Rollout,
  status: DeploymentStatus,
  moment: Moment,
): Condition[] {
  const { deployment, current } = rollout
  if (!hasDeadline(deployment.spec)) return []
  const before = deployment.status ?? {}
  const known = conditionIn(before, 'Progressing')
  const reason = reasonOf(rollout, { before, status, known }, moment)
  if (reason === undefined) return known ? [known] : []
  const [value, message] = reasons[reason]
  const name = current?.metadata.name ?? moment.created ?? ''
  const statement: Statement = {
    type: 'Progressing',
    status: value,
    reason,
    message: message(name),
  }
  const renew = reason === 'ReplicaSetUpdated'
  return [conditionOf(before, statement, { ...moment, renew })]
}

type Statuses = { before: DeploymentStatus; status: DeploymentStatus; known: Condition | undefined }

/** The new statement about progress; undefined where the present one still holds. */
function reasonOf(
  rollout: Rollout,
  { before, status, known }: Statuses,
  { nowMs, created }: Moment,
): Reason | undefined {
  const wasFinished = known?.reason === 'NewReplicaSetAvailable'
  // An exceeded deadline is still reported while paused; any other statement becomes paused.
  if (rollout.deployment.spec.paused) {
    return known?.reason === 'ProgressDeadlineExceeded' ? undefined : 'DeploymentPaused'
  }
  if (created !== undefined) return 'NewReplicaSetCreated'
  if (isComplete(rollout, status)) return 'NewReplicaSetAvailable'
  if (known?.reason === 'DeploymentPaused') return 'DeploymentResumed'
  // A finished rollout that merely lost a pod is not a new rollout.
  if (wasFinished && (status.replicas ?? 0) === (status.updatedReplicas ?? 0)) return undefined
  if (known && hasProgressed(before, status)) return 'ReplicaSetUpdated'
  if (known === undefined || wasFinished) return 'FoundNewReplicaSet'
  const deadline = deadlineOf(rollout.deployment, before)
  return deadline !== undefined && nowMs >= deadline ? 'ProgressDeadlineExceeded' : undefined
}

function hasProgressed(before: DeploymentStatus, now: DeploymentStatus): boolean {
  const [from, to] = [progressIn(before), progressIn(now)]
  return (
    to.updated > from.updated ||
    to.old < from.old ||
    to.ready > from.ready ||
    to.available > from.available
  )
}

const progressIn = (status: DeploymentStatus) => ({
  updated: status.updatedReplicas ?? 0,
  old: (status.replicas ?? 0) - (status.updatedReplicas ?? 0),
  ready: status.readyReplicas ?? 0,
  available: status.availableReplicas ?? 0,
})

const isOver = ({ reason }: Condition): boolean =>
  ['NewReplicaSetAvailable', 'ProgressDeadlineExceeded', 'DeploymentPaused'].includes(reason ?? '')

/** Whether a condition reports rollout progress. */
export const hasDeadline = (spec: Deployment['spec']): boolean =>
  deadlineSecondsOf(spec) !== undefined

/** The deadline; undefined where there is none, which the greatest int32 also means. */
const deadlineSecondsOf = ({ progressDeadlineSeconds: seconds }: Deployment['spec']) =>
  seconds !== undefined && seconds < 2 ** 31 - 1 ? seconds : undefined
