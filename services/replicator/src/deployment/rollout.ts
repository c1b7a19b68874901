import {
  type Deployment,
  isTemplateEqual,
  podTemplateHash,
  type ReplicaSet,
} from '@reckon/kubernetes'
import { rolloutLimits } from './rollout-limits.ts'

/** A Deployment and its ReplicaSets as one reconciliation sees them. */
export type Rollout = {
  readonly deployment: Deployment
  /** How many pods are wanted. */
  readonly replicas: number
  readonly maxSurge: number
  readonly maxUnavailable: number
  /** The ReplicaSet of the present template, if it is there. */
  readonly current: ReplicaSet | undefined
  /** All others, the oldest first. */
  readonly old: readonly ReplicaSet[]
}

/** How many pods a ReplicaSet wants. */
export const sizeOf = (replicaSet: ReplicaSet): number => replicaSet.spec.replicas ?? 1

/** How many of its pods are available. */
export const availableOf = (replicaSet: ReplicaSet): number =>
  replicaSet.status?.availableReplicas ?? 0

/**
 * How many of them stay: a status that is older than the last scaling down tells of pods that are about to go, and
 * nobody may count on these.
 */
export const stayingOf = (replicaSet: ReplicaSet): number =>
  Math.min(sizeOf(replicaSet), availableOf(replicaSet))

/** The sum over some ReplicaSets. */
export const total = (
  replicaSets: readonly ReplicaSet[],
  of: (replicaSet: ReplicaSet) => number,
): number => replicaSets.reduce((count, replicaSet) => count + of(replicaSet), 0)

export const isActive = (replicaSet: ReplicaSet): boolean => sizeOf(replicaSet) > 0

/** Every ReplicaSet of the rollout. */
export const allOf = ({ current, old }: Rollout): readonly ReplicaSet[] =>
  current ? [...old, current] : old

/** Sorts a Deployment's ReplicaSets into the present one and the old ones. */
export function rolloutOf(deployment: Deployment, owned: readonly ReplicaSet[]): Rollout {
  const oldestFirst = [...owned].sort(byAge)
  const current = oldestFirst.find((replicaSet) => hasTemplateOf(replicaSet, deployment))
  return {
    deployment,
    replicas: deployment.spec.replicas ?? 1,
    ...rolloutLimits(deployment),
    current,
    old: oldestFirst.filter((replicaSet) => replicaSet !== current),
  }
}

/** The oldest first, then by name. */
export const byAge = (a: ReplicaSet, b: ReplicaSet): number => {
  const [first = '', second = ''] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp]
  if (first !== second) return first < second ? -1 : 1
  return a.metadata.name < b.metadata.name ? -1 : 1
}

/** The hash that names the Deployment's present ReplicaSet. */
export const hashOf = ({ spec, status }: Deployment): string =>
  podTemplateHash(spec.template, status?.collisionCount ?? 0)

function hasTemplateOf({ spec }: ReplicaSet, deployment: Deployment): boolean {
  return spec.template !== undefined && isTemplateEqual(spec.template, deployment.spec.template)
}
