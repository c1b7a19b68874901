import type { PersistentVolume, PersistentVolumeClaim } from '@reckon/kubernetes'
import type { Telling } from '../writer.ts'

export type VolumePhase = 'Available' | 'Bound' | 'Released' | 'Failed'
export type ClaimStatus = NonNullable<PersistentVolumeClaim['status']>

/** What brings a claim and its volume together, or apart; each step can be the last before a crash. */
export type Step =
  /** The volume is the claim's: whoever records that first has decided it. */
  | { type: 'ClaimVolume'; volume: PersistentVolume; claim: PersistentVolumeClaim }
  | { type: 'SetVolumePhase'; volume: PersistentVolume; phase: VolumePhase; message?: string }
  /** The claim knows its volume, for good. */
  | { type: 'NameVolume'; claim: PersistentVolumeClaim; volume: PersistentVolume }
  | { type: 'SetClaimStatus'; claim: PersistentVolumeClaim; status: ClaimStatus }
  | { type: 'GrowVolume'; volume: PersistentVolume; storage: string }
  | { type: 'AskProvisioner'; claim: PersistentVolumeClaim; provisioner: string }
  /** What was chosen for the claim does not do: its pod is to be placed again. */
  | { type: 'ForgetNode'; claim: PersistentVolumeClaim; nodeName: string }
  /** The claim has another volume: this one is nobody's. */
  | { type: 'Unbind'; volume: PersistentVolume }
  | { type: 'RemoveFinalizer'; object: PersistentVolume | PersistentVolumeClaim; finalizer: string }
  | { type: 'Tell'; object: PersistentVolume | PersistentVolumeClaim; note: Telling }

export const tell = (
  object: PersistentVolume | PersistentVolumeClaim,
  reason: string,
  message: string,
  type: Telling['type'] = 'Normal',
): Step => ({ type: 'Tell', object, note: { type, reason, message } })
