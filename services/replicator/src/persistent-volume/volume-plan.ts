import {
  isTerminating,
  type PersistentVolume,
  type PersistentVolumeClaim,
  storageAnnotations,
  storageFinalizers,
} from '@reckon/kubernetes'
import { type Step, tell, type VolumePhase } from './step.ts'

/** What to do next about a volume, given the claim that it names by namespace and name. Pure. */
export function planVolume(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim | undefined,
): readonly Step[] {
  const { claimRef } = volume.spec
  // Between the two halves of a binding it is its claim's already.
  const isClaimed = claimRef?.uid !== undefined && claim?.metadata.uid === claimRef.uid
  const isBound = volume.status?.phase === 'Bound'
  if (isTerminating(volume) && !isBound && !isClaimed) return unprotected(volume)
  if (!claimRef?.uid) return inPhase(volume, 'Available')
  // Of the same name may be a later one.
  if (claim?.metadata.uid !== claimRef.uid) return released(volume)
  const { volumeName } = claim.spec
  // The claim's plan goes on with it.
  if (!volumeName) return []
  if (volumeName === volume.metadata.name) return inPhase(volume, 'Bound')
  return isMade(volume) && deletes(volume) ? released(volume) : [{ type: 'Unbind', volume }]
}

/** Whether a provisioner made it. */
const isMade = ({ metadata }: PersistentVolume): boolean =>
  metadata.annotations?.[storageAnnotations.provisionedBy] !== undefined

const deletes = ({ spec }: PersistentVolume): boolean =>
  spec.persistentVolumeReclaimPolicy === 'Delete'

const inPhase = (volume: PersistentVolume, phase: VolumePhase): Step[] =>
  volume.status?.phase === phase ? [] : [{ type: 'SetVolumePhase', volume, phase }]

/** Nobody's any more. What a provisioner made is its own to remove; of all else nobody knows how. */
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

/** What nobody uses may go; what its provisioner is to remove goes after that. */
function unprotected(volume: PersistentVolume): Step[] {
  const { volume: protection, provisioned } = storageFinalizers
  const ended: readonly string[] = deletes(volume) ? [protection] : [protection, provisioned]
  return (volume.metadata.finalizers ?? [])
    .filter((finalizer) => ended.includes(finalizer))
    .map((finalizer): Step => ({ type: 'RemoveFinalizer', object: volume, finalizer }))
}
