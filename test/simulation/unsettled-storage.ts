import type { Objects } from '@reckon/domain'
import {
  claimsOf,
  isBound,
  isBoundTo,
  isFinished,
  isOf,
  isTerminating,
  isToRemove,
  type KubernetesObject,
  madeOn,
  matchingVolume,
  nodes,
  objectKey,
  type PersistentVolume,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  selectedNodeOf,
  storageClasses,
} from '@reckon/kubernetes'

/** What has not converged of claims and volumes, in words. */
export const unsettledStorage = (objects: Objects): string[] => [
  ...objects.list(persistentVolumeClaims).flatMap(({ object }) => ofClaim(object, objects)),
  ...objects.list(persistentVolumes).flatMap(({ object }) => ofVolume(object, objects)),
]

/**
 * Whether a terminating object is still used, so that it stays: a claim by a pod, a volume by a claim or by a lost
 * machine.
 */
export function isHeld(object: KubernetesObject, objects: Objects): boolean {
  const { kind, metadata } = object
  if (isOf(persistentVolumes, object)) {
    return claimOf(metadata.name, objects) !== undefined || isLost(object, objects)
  }
  if (kind !== 'PersistentVolumeClaim') return false
  const path = objectKey(metadata)
  return objects
    .list(pods, metadata.namespace)
    .some(
      ({ object: pod }) =>
        Boolean(pod.spec.nodeName) && !isFinished(pod.status) && claimsOf(pod).includes(path),
    )
}

const claimOf = (volume: string, objects: Objects): PersistentVolumeClaim | undefined =>
  objects
    .list(persistentVolumeClaims)
    .map(({ object }) => object)
    .find(({ spec }) => spec.volumeName === volume)

/** Nobody can report the removal of a directory once its machine is lost. */
const isLost = (volume: PersistentVolume, objects: Objects): boolean => {
  const node = madeOn(volume)
  return node !== undefined && objects.get(nodes, '', node) === undefined
}

/**
 * A claim has its volume, or there is none for it; where it waits for a node, that node exists and creates no volume.
 */
function ofClaim(claim: PersistentVolumeClaim, objects: Objects): string[] {
  const path = objectKey(claim.metadata)
  const { volumeName = '', storageClassName = '' } = claim.spec
  if (isTerminating(claim)) return []
  const volume = objects.get(persistentVolumes, '', volumeName)?.object
  if (volumeName) {
    const isSettled = isBound(claim) && claim.status?.phase === 'Bound'
    if (isSettled && volume && isBoundTo(volume, claim) && volume.status?.phase === 'Bound') {
      return []
    }
    return [`claim ${path} is not bound to ${volumeName}: ${JSON.stringify(volume?.status)}`]
  }
  const node = selectedNodeOf(claim)
  if (node !== undefined) {
    const isThere = objects.get(nodes, '', node) !== undefined
    return [`claim ${path} waits for a volume on ${node}${isThere ? '' : ', which is lost'}`]
  }
  const mode = objects.get(storageClasses, '', storageClassName)?.object.volumeBindingMode
  const all = objects.list(persistentVolumes).map(({ object }) => object)
  const isDelayed = mode === 'WaitForFirstConsumer'
  const free = matchingVolume(claim, all, { isDelayed })
  return free ? [`claim ${path} does not get ${free.metadata.name}`] : []
}

/** A volume is bound to its claim, or unbound: then it is available, retained, or removed. */
function ofVolume(volume: PersistentVolume, objects: Objects): string[] {
  const { name } = volume.metadata
  const phase = volume.status?.phase
  const claim = claimOf(name, objects)
  if (claim && isBoundTo(volume, claim)) {
    return phase === 'Bound' ? [] : [`volume ${name} of ${claim.metadata.name} is ${phase}`]
  }
  if (isToRemove(volume))
    return isLost(volume, objects) ? [] : [`volume ${name} is nobody’s, and not removed`]
  const wanted = volume.spec.claimRef ? 'Released' : 'Available'
  return phase === wanted ? [] : [`volume ${name} is ${phase}, not ${wanted}`]
}
