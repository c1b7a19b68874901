import {
  isBound,
  isBoundTo,
  isDeepEqual,
  type PersistentVolume,
  type PersistentVolumeClaim,
} from '@reckon/kubernetes'
import type { ClaimStatus, Step } from './step.ts'

/** The missing steps until a claim and its volume are bound to each other, in upstream's order. */
export function bindingSteps(volume: PersistentVolume, claim: PersistentVolumeClaim): Step[] {
  const status = boundStatus(volume, claim)
  return [
    ...(isBoundTo(volume, claim) ? [] : [{ type: 'ClaimVolume', volume, claim } as const]),
    ...(volume.status?.phase === 'Bound'
      ? []
      : [{ type: 'SetVolumePhase', volume: claimed(volume, claim), phase: 'Bound' } as const]),
    ...(isBound(claim) ? [] : [{ type: 'NameVolume', claim, volume } as const]),
    ...(isDeepEqual(claim.status, status)
      ? []
      : [{ type: 'SetClaimStatus', claim, status } as const]),
  ]
}

/** The volume with a reference to its claim. */
export function claimed(
  volume: PersistentVolume,
  { metadata: { namespace = '', name, uid = '' } }: PersistentVolumeClaim,
): PersistentVolume {
  const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid }
  return { ...volume, spec: { ...volume.spec, claimRef } }
}

function boundStatus(
  { spec }: PersistentVolume,
  { status: { conditions } = {} }: PersistentVolumeClaim,
): ClaimStatus {
  return {
    phase: 'Bound',
    ...(spec.accessModes && { accessModes: spec.accessModes }),
    ...(spec.capacity && { capacity: spec.capacity }),
    ...(conditions && { conditions }),
  }
}
