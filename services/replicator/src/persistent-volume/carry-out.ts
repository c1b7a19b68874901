import { withoutFinalizer } from '@reckon/domain'
import {
  isDeepEqual,
  isKeptFor,
  isOf,
  isTerminating,
  type KubernetesObject,
  type PersistentVolume,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  persistentVolumes,
  StatusError,
  secondsOf,
  storageAnnotations,
  withoutSelectedNode,
} from '@reckon/kubernetes'
import type { Writer } from '../writer.ts'
import { claimed } from './binding.ts'
import type { Step } from './step.ts'

type StepContext = { writer: Writer; nowMs: number }

/**
 * Carries out a step if it still applies to the newest version: overlapping replicators may decide differently, and
 * then the first one wins.
 */
export function carryOut(step: Step, { writer, nowMs }: StepContext): Promise<void> {
  switch (step.type) {
    case 'ClaimVolume':
      return writer.change(step.volume, (current) => claimedBy(volumeIn(current), step.claim))
    case 'SetVolumePhase':
      return writer.changeStatus(step.volume, (current) => phaseOf(volumeIn(current), step, nowMs))
    case 'NameVolume':
      return writer.change(step.claim, (current) => named(claimIn(current), step.volume))
    case 'SetClaimStatus':
      return writer.changeStatus(step.claim, step.status)
    case 'GrowVolume':
      return writer.change(step.volume, (current) => {
        const { spec } = volumeIn(current)
        return { ...current, spec: { ...spec, capacity: { storage: step.storage } } }
      })
    case 'AskProvisioner': {
      const { provisioner } = storageAnnotations
      return writer.change(step.claim, (current) =>
        annotated(current, { [provisioner]: step.provisioner }),
      )
    }
    case 'ForgetNode':
      return writer.change(step.claim, (current) =>
        withoutSelectedNode(claimIn(current), step.nodeName),
      )
    case 'Unbind':
      return writer.change(step.volume, (current) => unbound(volumeIn(current), step.volume))
    case 'RemoveFinalizer':
      return writer.change(step.object, (current) => withoutFinalizer(current, step.finalizer))
    case 'Tell':
      return writer.note(step.object, step.note)
  }
}

function volumeIn(object: KubernetesObject): PersistentVolume {
  if (!isOf(persistentVolumes, object)) throw new Error(`${object.kind} is no volume`)
  return object
}

function claimIn(object: KubernetesObject): PersistentVolumeClaim {
  if (!isOf(persistentVolumeClaims, object)) throw new Error(`${object.kind} is no claim`)
  return object
}

function claimedBy(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
  const isFree = volume.spec.claimRef === undefined || isKeptFor(volume, claim)
  if (!isFree || isTerminating(volume)) {
    throw new StatusError('Conflict', `volume ${volume.metadata.name} is another claim's by now`)
  }
  const { boundByController } = storageAnnotations
  const own = volume.spec.claimRef ? {} : { [boundByController]: 'yes' }
  return annotated(claimed(volume, claim), own)
}

function named(claim: PersistentVolumeClaim, { metadata }: PersistentVolume) {
  const { volumeName } = claim.spec
  if (volumeName && volumeName !== metadata.name) {
    throw new StatusError('Conflict', `claim ${claim.metadata.name} has another volume by now`)
  }
  const { bindCompleted, boundByController } = storageAnnotations
  const own = volumeName ? {} : { [boundByController]: 'yes' }
  const bound = { ...claim, spec: { ...claim.spec, volumeName: metadata.name } }
  return annotated(bound, { [bindCompleted]: 'yes', ...own })
}

function phaseOf(
  volume: PersistentVolume,
  { volume: planned, phase, message }: Step & { type: 'SetVolumePhase' },
  nowMs: number,
): PersistentVolume['status'] {
  const isAsPlanned = volume.spec.claimRef?.uid === planned.spec.claimRef?.uid
  if (!isAsPlanned || volume.status?.phase === phase) return volume.status
  const lastPhaseTransitionTime = secondsOf(nowMs)
  return { phase, lastPhaseTransitionTime, ...(message !== undefined && { message }) }
}

/** Removes what the controller wrote. What a user did is kept, except for which claim of that name it was. */
function unbound(volume: PersistentVolume, planned: PersistentVolume): PersistentVolume {
  const { claimRef, ...spec } = volume.spec
  if (claimRef === undefined || !isDeepEqual(claimRef, planned.spec.claimRef)) return volume
  const { boundByController } = storageAnnotations
  const { annotations = {}, ...metadata } = volume.metadata
  const { [boundByController]: own, ...left } = annotations
  if (own !== undefined) return { ...volume, metadata: { ...metadata, annotations: left }, spec }
  const { uid: _uid, resourceVersion: _version, ...kept } = claimRef
  return { ...volume, spec: { ...spec, claimRef: kept } }
}

function annotated<T extends KubernetesObject>(object: T, own: Record<string, string>): T {
  const { annotations } = object.metadata
  if (Object.entries(own).every(([key, value]) => annotations?.[key] === value)) return object
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, ...own } } }
}
