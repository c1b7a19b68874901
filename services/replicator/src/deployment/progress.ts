import type { Deployment, DeploymentStatus } from '@reckon/kubernetes'
import { type Condition, conditionIn, conditionOf, type Statement } from './condition.ts'
import type { Rollout } from './rollout.ts'

/** How progress is judged: now, and which ReplicaSet is being made by this same plan. */
export type Moment = { nowMs: number; created?: string }

/** Upstream's reasons, each with its status and its words about the present ReplicaSet. */
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
  const known = conditionIn(status, 'Progressing')
  const seconds = deadlineSecondsOf(spec)
  if (!known?.lastUpdateTime || seconds === undefined || isOver(known)) return undefined
  return Date.parse(known.lastUpdateTime) + seconds * 1000 + 1000
}

/** The Progressing condition; none where the Deployment has no deadline for it. */
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

/** What is to be said about the progress; undefined where what was said still holds. */
function reasonOf(
  rollout: Rollout,
  { before, status, known }: Statuses,
  { nowMs, created }: Moment,
): Reason | undefined {
  const wasFinished = known?.reason === 'NewReplicaSetAvailable'
  // Who has reported that it takes too long says so still; whatever else was said, it is paused.
  if (rollout.deployment.spec.paused) {
    return known?.reason === 'ProgressDeadlineExceeded' ? undefined : 'DeploymentPaused'
  }
  if (created !== undefined) return 'NewReplicaSetCreated'
  if (isComplete(rollout, status)) return 'NewReplicaSetAvailable'
  if (known?.reason === 'DeploymentPaused') return 'DeploymentResumed'
  // A finished rollout that merely lost a pod has not begun anew.
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

/** Whether it is said how far a rollout is. */
export const hasDeadline = (spec: Deployment['spec']): boolean =>
  deadlineSecondsOf(spec) !== undefined

/** Undefined where there is none; the greatest number stands for that, too. */
const deadlineSecondsOf = ({ progressDeadlineSeconds: seconds }: Deployment['spec']) =>
  seconds !== undefined && seconds < 2 ** 31 - 1 ? seconds : undefined
