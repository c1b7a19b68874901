import { byAge, type ReplicaSet } from '@reckon/kubernetes'
import { desiredAnnotation, maxAnnotation, numberIn } from './annotations.ts'
import { allOf, isActive, type Rollout, sizeOf, stayingOf, total } from './rollout.ts'

/** The new size of each ReplicaSet, by name; those not listed keep theirs. */
export type Sizes = ReadonlyMap<string, number>

/** A step of a rolling update: scales up and down once, within its limits. Upstream's rolling.go. */
export function rollingSizes(rollout: Rollout): Sizes {
  const grown = sizeOfCurrent(rollout)
  if (rollout.current && grown !== sizeOf(rollout.current)) {
    return new Map([[rollout.current.metadata.name, grown]])
  }
  return shrunkOld(rollout)
}

/** The largest size of the present ReplicaSet beside the old ones. */
export function sizeOfCurrent(rollout: Rollout): number {
  const { current, replicas, maxSurge, deployment } = rollout
  if (deployment.spec.strategy?.type === 'Recreate') return replicas
  const size = current ? sizeOf(current) : 0
  if (size >= replicas) return replicas
  const room = replicas + maxSurge - total(allOf(rollout), sizeOf)
  return room <= 0 ? size : size + Math.min(room, replicas - size)
}

/** Scales old ReplicaSets down as new pods become available; unavailable old pods go first. */
function shrunkOld(rollout: Rollout): Sizes {
  const { current, replicas, maxUnavailable } = rollout
  const old = rollout.old.filter(isActive)
  const availableMin = replicas - maxUnavailable
  const currentUnavailable = current ? sizeOf(current) - stayingOf(current) : 0
  const spare = total(allOf(rollout), sizeOf) - availableMin - currentUnavailable
  if (old.length === 0 || spare <= 0) return new Map()
  const sizes = new Map(old.map((replicaSet) => [replicaSet.metadata.name, sizeOf(replicaSet)]))
  let unhealthyLeft = spare
  for (const replicaSet of old) {
    const unavailable = Math.max(0, sizeOf(replicaSet) - stayingOf(replicaSet))
    const gone = Math.min(unhealthyLeft, unavailable)
    sizes.set(replicaSet.metadata.name, sizeOf(replicaSet) - gone)
    unhealthyLeft -= gone
  }
  let availableLeft = total(allOf(rollout), stayingOf) - availableMin
  for (const { metadata } of old) {
    const size = sizes.get(metadata.name) ?? 0
    const gone = Math.min(Math.max(0, availableLeft), size)
    sizes.set(metadata.name, size - gone)
    availableLeft -= gone
  }
  return sizes
}

/** Whether the wanted number was changed since the ReplicaSets were last scaled. */
export const isScaling = (rollout: Rollout): boolean =>
  allOf(rollout)
    .filter(isActive)
    .some((replicaSet) => {
      const desired = numberIn(replicaSet, desiredAnnotation)
      return desired !== undefined && desired !== rollout.replicas
    })

/** Applies a new wanted number: the only active ReplicaSet takes it, or in the middle of an update all share it. */
export function scaledSizes(rollout: Rollout): Sizes {
  const { current, old, replicas, deployment } = rollout
  const active = allOf(rollout).filter(isActive)
  const only = active.length > 1 ? undefined : (active[0] ?? current ?? old.at(-1))
  if (only) return new Map([[only.metadata.name, replicas]])
  if (current && isSaturated(current, replicas)) {
    return new Map(old.filter(isActive).map(({ metadata }) => [metadata.name, 0]))
  }
  return deployment.spec.strategy?.type === 'Recreate' ? new Map() : proportionalSizes(rollout)
}

const isSaturated = (replicaSet: ReplicaSet, replicas: number): boolean =>
  sizeOf(replicaSet) === replicas &&
  numberIn(replicaSet, desiredAnnotation) === replicas &&
  stayingOf(replicaSet) === replicas

/** Scales all active ReplicaSets in proportion, so that the mix of old and new stays the same. */
function proportionalSizes(rollout: Rollout): Sizes {
  const { replicas, maxSurge, deployment } = rollout
  const active = allOf(rollout).filter(isActive)
  const allowed = replicas > 0 ? replicas + maxSurge : 0
  const toAdd = allowed - total(active, sizeOf)
  const largestFirst = [...active].sort(
    (a, b) => sizeOf(b) - sizeOf(a) || (toAdd > 0 ? byAge(b, a) : byAge(a, b)),
  )
  const sizes = new Map<string, number>()
  let added = 0
  for (const replicaSet of largestFirst) {
    const size = sizeOf(replicaSet)
    const earlierMax = numberIn(replicaSet, maxAnnotation) ?? deployment.status?.replicas ?? size
    const share = Math.round((size * (replicas + maxSurge)) / Math.max(1, earlierMax)) - size
    const left = toAdd - added
    const fair = replicas === 0 ? -size : share
    const change = toAdd > 0 ? Math.min(fair, left) : Math.max(fair, left)
    sizes.set(replicaSet.metadata.name, Math.max(0, size + change))
    added += change
  }
  const [largest] = largestFirst
  if (largest && added !== toAdd) {
    const { name } = largest.metadata
    sizes.set(name, Math.max(0, (sizes.get(name) ?? 0) + toAdd - added))
  }
  return sizes
}
