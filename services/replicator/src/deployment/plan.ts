import {
  byAge,
  type Deployment,
  type DeploymentStatus,
  isDeepEqual,
  isTerminating,
  podTemplateHashLabel,
  type ReplicaSet,
} from '@reckon/kubernetes'
import { controllerReferenceTo } from '../ownership/controller-reference.ts'
import {
  desiredAnnotation,
  inheritedAnnotations,
  maxAnnotation,
  revisionAnnotation,
  revisionOf,
  withRevision,
} from './annotations.ts'
import { deadlineOf, isComplete } from './progress.ts'
import { allOf, hashOf, isActive, type Rollout, rolloutOf, sizeOf, total } from './rollout.ts'
import { isScaling, rollingSizes, type Sizes, scaledSizes, sizeOfCurrent } from './sizes.ts'
import { collided, deploymentStatus } from './status.ts'

/** The next step of a Deployment's controller. */
export type Step =
  | { type: 'CreateReplicaSet'; replicaSet: ReplicaSet }
  | { type: 'UpdateReplicaSet'; replicaSet: ReplicaSet; wanted: ReplicaSet }
  | { type: 'DeleteReplicaSet'; replicaSet: ReplicaSet }
  | { type: 'SetRevision'; revision: bigint }
  | { type: 'SetStatus'; status: DeploymentStatus }

export type Plan = { steps: readonly Step[]; againAtMs?: number }

type RolloutContext = {
  nowMs: number
  /** Whether a name is taken by a ReplicaSet of another owner. */
  isTaken(name: string): boolean
  /** How many pods of old ReplicaSets have not ended yet; a Recreate waits for them. */
  oldPodsRunning: number
}

/** Plans the next steps so that the ReplicaSets follow the Deployment. Pure: the controller carries them out. */
export function plan(
  deployment: Deployment,
  owned: readonly ReplicaSet[],
  context: RolloutContext,
): Plan {
  const rollout = rolloutOf(deployment, owned)
  if (isTerminating(deployment)) return ended(rollout, [], context)
  if (deployment.spec.paused || isScaling(rollout)) {
    return ended(rollout, updated(rollout, scaledSizes(rollout)), context)
  }
  const isRecreate = deployment.spec.strategy?.type === 'Recreate'
  if (isRecreate && rollout.old.some(isActive)) {
    const sizes = new Map(rollout.old.map(({ metadata }) => [metadata.name, 0]))
    return ended(rollout, updated(rollout, sizes), context)
  }
  const mustWait = isRecreate && context.oldPodsRunning > 0
  if (rollout.current === undefined) {
    return mustWait ? ended(rollout, [], context) : created(rollout, context)
  }
  const sizes = isRecreate
    ? new Map([[rollout.current.metadata.name, mustWait ? 0 : rollout.replicas]])
    : rollingSizes(rollout)
  return ended(rollout, updated(rollout, sizes), context)
}

/** The ReplicaSet of a new revision. */
function created(rollout: Rollout, context: RolloutContext): Plan {
  const { deployment, old } = rollout
  const { name, namespace = '' } = deployment.metadata
  const hash = hashOf(deployment)
  const setName = `${name}-${hash}`
  if (context.isTaken(setName)) {
    return { steps: [{ type: 'SetStatus', status: collided(deployment.status) }] }
  }
  const { template, selector, minReadySeconds } = deployment.spec
  const labels = { ...template.metadata?.labels, [podTemplateHashLabel]: hash }
  const revision = highest(old.map(revisionOf)) + 1n
  const matchLabels = { ...selector.matchLabels, [podTemplateHashLabel]: hash }
  const replicaSet: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: setName,
      namespace,
      labels,
      annotations: { ...inheritedAnnotations(deployment), ...scaleAnnotations(rollout, revision) },
      ownerReferences: [controllerReferenceTo(deployment)],
    },
    spec: {
      replicas: sizeOfCurrent(rollout),
      selector: { ...selector, matchLabels },
      template: { ...template, metadata: { ...template.metadata, labels } },
      ...(minReadySeconds && { minReadySeconds }),
    },
  }
  const status = deploymentStatus(rollout, { nowMs: context.nowMs, created: setName })
  return {
    steps: [
      { type: 'CreateReplicaSet', replicaSet },
      ...revisionStep(deployment, revision),
      ...statusStep(deployment, status),
    ],
  }
}

/** Each ReplicaSet with its new size; the present one also takes over the Deployment's annotations. */
function updated(rollout: Rollout, sizes: Sizes): Step[] {
  const { deployment, current } = rollout
  const steps = allOf(rollout).flatMap((replicaSet): Step[] => {
    const replicas = sizes.get(replicaSet.metadata.name) ?? sizeOf(replicaSet)
    const base = replicaSet === current ? renewed(rollout, replicaSet) : replicaSet
    const wanted = withSize(rollout, base, replicas)
    return isDeepEqual(replicaSet, wanted) ? [] : [{ type: 'UpdateReplicaSet', replicaSet, wanted }]
  })
  return current ? [...steps, ...revisionStep(deployment, latestRevision(rollout))] : steps
}

/** A template that is used again becomes the newest revision. */
const latestRevision = ({ current, old }: Rollout): bigint =>
  highest([current ? revisionOf(current) : 0n, ...old.map((other) => revisionOf(other) + 1n)])

const highest = (revisions: readonly bigint[]): bigint =>
  revisions.toSorted((a, b) => (a < b ? 1 : -1))[0] ?? 0n

function renewed(rollout: Rollout, current: ReplicaSet): ReplicaSet {
  const annotations = {
    ...withRevision(current, latestRevision(rollout)),
    ...inheritedAnnotations(rollout.deployment),
  }
  const { minReadySeconds: _, ...spec } = current.spec
  const seconds = rollout.deployment.spec.minReadySeconds
  return {
    ...current,
    metadata: { ...current.metadata, annotations },
    spec: { ...spec, ...(seconds && { minReadySeconds: seconds }) },
  }
}

function withSize(rollout: Rollout, replicaSet: ReplicaSet, replicas: number): ReplicaSet {
  // Only active ReplicaSets record the replicas by which later scaling is detected.
  if (replicas === 0 && sizeOf(replicaSet) === 0) return replicaSet
  const annotations = { ...replicaSet.metadata.annotations, ...scaleAnnotations(rollout) }
  const metadata = { ...replicaSet.metadata, annotations }
  return { ...replicaSet, metadata, spec: { ...replicaSet.spec, replicas } }
}

const scaleAnnotations = ({ replicas, maxSurge }: Rollout, revision?: bigint) => ({
  [desiredAnnotation]: String(replicas),
  [maxAnnotation]: String(replicas + maxSurge),
  ...(revision !== undefined && { [revisionAnnotation]: String(revision) }),
})

/** Appends the status to the steps and, once everything is done, deletes ReplicaSets beyond the history limit. */
function ended(rollout: Rollout, steps: readonly Step[], { nowMs }: RolloutContext): Plan {
  const { deployment } = rollout
  const status = deploymentStatus(rollout, { nowMs })
  const settled = deployment.spec.paused || isComplete(rollout, status)
  const againAtMs = deadlineOf(deployment, status)
  return {
    steps: [...steps, ...(settled ? cleanup(rollout) : []), ...statusStep(deployment, status)],
    ...(againAtMs !== undefined && { againAtMs }),
  }
}

function cleanup({ deployment, old }: Rollout): Step[] {
  const limit = deployment.spec.revisionHistoryLimit ?? 10
  const unused = old
    .filter((set) => !isActive(set) && !(set.status?.replicas ?? 0) && !isTerminating(set))
    .sort((a, b) => Number(revisionOf(a) - revisionOf(b)) || byAge(a, b))
  const excess = unused.slice(0, Math.max(0, total(unused, () => 1) - limit))
  return excess.map((replicaSet) => ({ type: 'DeleteReplicaSet', replicaSet }))
}

const revisionStep = (deployment: Deployment, revision: bigint): Step[] =>
  revisionOf(deployment) === revision ? [] : [{ type: 'SetRevision', revision }]

const statusStep = (deployment: Deployment, status: DeploymentStatus): Step[] =>
  isDeepEqual(deployment.status, status) ? [] : [{ type: 'SetStatus', status }]
