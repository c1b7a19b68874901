import {
  controllerOf,
  ephemeralClaimName,
  isBound,
  isBoundTo,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  StatusError,
  type Volume,
} from '@reckon/kubernetes'

/** Finds claims and volumes. */
export type ClaimSources = {
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined
  persistentVolume(name: string): PersistentVolume | undefined
}

/** The name of the claim behind a pod's volume; undefined for other volumes. */
export const claimNameOf = (volume: Volume, pod: Pod): string | undefined =>
  volume.ephemeral
    ? ephemeralClaimName(pod.metadata.name, volume.name)
    : volume.persistentVolumeClaim?.claimName

/** The volume of a pod's claim; refuses with `NotFound`, in a kubelet's wording, until there is one. */
export function claimedVolume(name: string, volume: Volume, pod: Pod, find: ClaimSources) {
  const { namespace = '', uid } = pod.metadata
  const claim = find.claim(namespace, name)
  if (claim === undefined) throw missing(`persistentvolumeclaim "${name}" not found`)
  if (volume.ephemeral && controllerOf(claim)?.uid !== uid) {
    const of = `pod ${namespace}/${pod.metadata.name}`
    throw missing(`PVC ${namespace}/${name} was not created for ${of} (pod is not owner)`)
  }
  const { volumeName = '' } = claim.spec
  if (!isBound(claim)) throw missing(`persistentvolumeclaim "${name}" is not bound`)
  const found = find.persistentVolume(volumeName)
  if (found === undefined) throw missing(`persistentvolume "${volumeName}" not found`)
  if (isBoundTo(found, claim)) return found
  throw missing(`persistentvolume "${volumeName}" is bound to another claim`)
}

const missing = (message: string) => new StatusError('NotFound', message)
