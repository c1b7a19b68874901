import {
  isTerminating,
  type PersistentVolume,
  type PersistentVolumeClaim,
  storageAnnotations,
  storageFinalizers,
} from '@reckon/kubernetes'
import { type Step, tell, type VolumePhase } from './step.ts'

/** Plans the next steps for a volume, given the claim that it names by namespace and name. Pure. */
export function planVolume(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim | undefined,
): readonly Step[] {
  const { claimRef } = volume.spec
  // Between the two halves of a binding it already belongs to its claim.
  const isClaimed = claimRef?.uid !== undefined && claim?.metadata.uid === claimRef.uid
  const isBound = volume.status?.phase === 'Bound'
  if (isTerminating(volume) && !isBound && !isClaimed) return unprotected(volume)
  if (!claimRef?.uid) return inPhase(volume, 'Available')
  // The claim may be a later one of the same name.
  if (claim?.metadata.uid !== claimRef.uid) return released(volume)
  const { volumeName } = claim.spec
  // The claim's plan does the rest.
  if (!volumeName) return []
  if (volumeName === volume.metadata.name) return inPhase(volume, 'Bound')
  return isMade(volume) && deletes(volume) ? released(volume) : [{ type: 'Unbind', volume }]
}

/** Whether a provisioner created it. */
const isMade = ({ metadata }: PersistentVolume): boolean =>
  metadata.annotations?.[storageAnnotations.provisionedBy] !== undefined

const deletes = ({ spec }: PersistentVolume): boolean =>
  spec.persistentVolumeReclaimPolicy === 'Delete'

const inPhase = (volume: PersistentVolume, phase: VolumePhase): Step[] =>
  volume.status?.phase === phase ? [] : [{ type: 'SetVolumePhase', volume, phase }]

/** Released. The provisioner removes what it created; how to remove anything else is unknown. */
function released(volume: PersistentVolume): Step[] {
  if (!deletes(volume) || isMade(volume)) return inPhase(volume, 'Released')
  if (volume.status?.phase === 'Failed') return []
  const { name } = volume.metadata
  const message = `error getting deleter volume plugin for volume "${name}": no deletable volume plugin matched`
  return [
    { type: 'SetVolumePhase', volume, phase: 'Failed', message },
    tell(volume, 'VolumeFailedDelete', message, 'Warning'),
  ]
}

/** An unused volume may be deleted; one that its provisioner must remove is deleted after that. */
function unprotected(volume: PersistentVolume): Step[] {
  const { volume: protection, provisioned } = storageFinalizers
  const ended: readonly string[] = deletes(volume) ? [protection] : [protection, provisioned]
  return (volume.metadata.finalizers ?? [])
    .filter((finalizer) => ended.includes(finalizer))
    .map((finalizer): Step => ({ type: 'RemoveFinalizer', object: volume, finalizer }))
}
