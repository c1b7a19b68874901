import {
  byAge,
  type Deployment,
  isTemplateEqual,
  podTemplateHash,
  type ReplicaSet,
} from '@reckon/kubernetes'
import { rolloutLimits } from './rollout-limits.ts'

/** A Deployment and its ReplicaSets as seen by one reconciliation. */
export type Rollout = {
  readonly deployment: Deployment
  /** The wanted number of pods. */
  readonly replicas: number
  readonly maxSurge: number
  readonly maxUnavailable: number
  /** The ReplicaSet of the present template, if it exists. */
  readonly current: ReplicaSet | undefined
  /** All other ReplicaSets, oldest first. */
  readonly old: readonly ReplicaSet[]
}

/** The wanted number of pods of a ReplicaSet. */
export const sizeOf = (replicaSet: ReplicaSet): number => replicaSet.spec.replicas ?? 1

/** The number of its available pods. */
export const availableOf = (replicaSet: ReplicaSet): number =>
  replicaSet.status?.availableReplicas ?? 0

/**
 * The number of available pods that will stay. A status from before the last scaling down includes pods that are about
 * to go, which must not be counted on.
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

/** Splits a Deployment's ReplicaSets into the present one and the old ones. */
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

/** The hash in the name of the Deployment's present ReplicaSet. */
export const hashOf = ({ spec, status }: Deployment): string =>
  podTemplateHash(spec.template, status?.collisionCount ?? 0)

function hasTemplateOf({ spec }: ReplicaSet, deployment: Deployment): boolean {
  return spec.template !== undefined && isTemplateEqual(spec.template, deployment.spec.template)
}
