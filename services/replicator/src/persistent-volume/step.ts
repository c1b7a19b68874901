import type { PersistentVolume, PersistentVolumeClaim } from '@reckon/kubernetes'
import type { ControllerNote } from '../writer.ts'

export type VolumePhase = 'Available' | 'Bound' | 'Released' | 'Failed'
export type ClaimStatus = NonNullable<PersistentVolumeClaim['status']>

/** The steps that bind a claim and its volume, or release them; a crash may follow each of them. */
export type Step =
  /** Records the claim in the volume; whoever records this first has decided the binding. */
  | { type: 'ClaimVolume'; volume: PersistentVolume; claim: PersistentVolumeClaim }
  | { type: 'SetVolumePhase'; volume: PersistentVolume; phase: VolumePhase; message?: string }
  /** Records the volume in the claim, for good. */
  | { type: 'NameVolume'; claim: PersistentVolumeClaim; volume: PersistentVolume }
  | { type: 'SetClaimStatus'; claim: PersistentVolumeClaim; status: ClaimStatus }
  | { type: 'GrowVolume'; volume: PersistentVolume; storage: string }
  | { type: 'AskProvisioner'; claim: PersistentVolumeClaim; provisioner: string }
  /** The node chosen for the claim does not work: its pod must be scheduled again. */
  | { type: 'ForgetNode'; claim: PersistentVolumeClaim; nodeName: string }
  /** The claim is bound to another volume: this one becomes unbound. */
  | { type: 'Unbind'; volume: PersistentVolume }
  | { type: 'RemoveFinalizer'; object: PersistentVolume | PersistentVolumeClaim; finalizer: string }
  | { type: 'Tell'; object: PersistentVolume | PersistentVolumeClaim; note: ControllerNote }

export const tell = (
  object: PersistentVolume | PersistentVolumeClaim,
  reason: string,
  message: string,
  type: ControllerNote['type'] = 'Normal',
): Step => ({ type: 'Tell', object, note: { type, reason, message } })
