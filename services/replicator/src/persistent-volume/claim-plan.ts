import {
  compareQuantities,
  isKeptFor,
  isTerminating,
  localProvisioner,
  matchingVolume,
  mismatchOf,
  type Node,
  noProvisioner,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
  selectedNodeOf,
  storageAnnotations,
  storageFinalizers,
} from '@reckon/kubernetes'
import { bindingSteps } from './binding.ts'
import { type Step, tell } from './step.ts'

/** What a claim's plan may look at besides the claim. */
export type ClaimContext = {
  volume(name: string): PersistentVolume | undefined
  volumes(): Iterable<PersistentVolume>
  storageClass(name: string): StorageClass | undefined
  node(name: string): Node | undefined
  /** The unfinished pods that use the claim. */
  users(): readonly Pod[]
}

/** Plans the next steps so that a claim gets its volume, keeps it, and is not deleted while a pod uses it. Pure. */
export function planClaim(claim: PersistentVolumeClaim, context: ClaimContext): readonly Step[] {
  if (isTerminating(claim)) return unprotected(claim, context)
  const isDone = claim.metadata.annotations?.[storageAnnotations.bindCompleted] !== undefined
  if (isDone) return keeping(claim, context)
  return claim.spec.volumeName
    ? bindingNamed(claim, claim.spec.volumeName, context)
    : bindingAny(claim, context)
}

function unprotected(claim: PersistentVolumeClaim, { users }: ClaimContext): Step[] {
  const finalizer = storageFinalizers.claim
  const isProtected = claim.metadata.finalizers?.includes(finalizer)
  const isUsed = () => users().some(({ spec }) => spec.nodeName)
  return isProtected && !isUsed() ? [{ type: 'RemoveFinalizer', object: claim, finalizer }] : []
}

/** A bound claim stays bound, or is lost. */
function keeping(claim: PersistentVolumeClaim, context: ClaimContext): Step[] {
  const { volumeName } = claim.spec
  const lost = (reason: string, message: string): Step[] =>
    claim.status?.phase === 'Lost'
      ? []
      : [
          { type: 'SetClaimStatus', claim, status: { phase: 'Lost' } },
          tell(claim, reason, message, 'Warning'),
        ]
  const dataLost = 'Data on the volume is lost!'
  if (!volumeName) {
    return lost('ClaimLost', `Bound claim has lost reference to PersistentVolume. ${dataLost}`)
  }
  const volume = context.volume(volumeName)
  if (volume === undefined) {
    return lost('ClaimLost', `Bound claim has lost its PersistentVolume. ${dataLost}`)
  }
  if (volume.spec.claimRef && !isKeptFor(volume, claim)) {
    const why = 'Two claims are bound to the same volume, this one is bound incorrectly'
    return lost('ClaimMisbound', why)
  }
  return [...growing(volume, claim, context), ...bindingSteps(volume, claim)]
}

/** A directory has no size limit, so it is as large as requested. */
function growing(
  volume: PersistentVolume,
  { spec }: PersistentVolumeClaim,
  { storageClass }: ClaimContext,
): Step[] {
  const storage = spec.resources?.requests?.storage
  const has = volume.spec.capacity?.storage
  const isOurs =
    volume.metadata.annotations?.[storageAnnotations.provisionedBy] === localProvisioner
  const grows = storage && has && isOurs && compareQuantities(storage, has) > 0
  if (!grows || !storageClass(spec.storageClassName ?? '')?.allowVolumeExpansion) return []
  return [{ type: 'GrowVolume', volume, storage }]
}

/** A user chose the volume, or a crash happened between the two halves of a binding. */
function bindingNamed(claim: PersistentVolumeClaim, name: string, context: ClaimContext): Step[] {
  const volume = context.volume(name)
  if (volume === undefined) return []
  if (isKeptFor(volume, claim)) return bindingSteps(volume, claim)
  if (volume.spec.claimRef) {
    const why = `volume "${name}" already bound to a different claim.`
    return [tell(claim, 'FailedBinding', why, 'Warning')]
  }
  const mismatch = mismatchOf(volume, claim)
  if (mismatch === undefined) return bindingSteps(volume, claim)
  const why = `Cannot bind to requested volume "${name}": ${mismatch}`
  return [tell(claim, 'VolumeMismatch', why, 'Warning')]
}

function bindingAny(claim: PersistentVolumeClaim, context: ClaimContext): Step[] {
  const { storageClassName = '' } = claim.spec
  const storageClass = context.storageClass(storageClassName)
  const nodeName = selectedNodeOf(claim)
  const node = nodeName === undefined ? undefined : context.node(nodeName)
  if (nodeName !== undefined && node === undefined) return [{ type: 'ForgetNode', claim, nodeName }]
  const waits = storageClass?.volumeBindingMode === 'WaitForFirstConsumer'
  const isDelayed = waits && node === undefined
  const volume = matchingVolume(claim, context.volumes(), { node, isDelayed })
  if (volume !== undefined) return bindingSteps(volume, claim)
  if (isDelayed) return [waiting(claim, context)]
  if (storageClassName === '') {
    const why = 'no persistent volumes available for this claim and no storage class is set'
    return [tell(claim, 'FailedBinding', why)]
  }
  return provisioning(claim, storageClass, nodeName)
}

function waiting(claim: PersistentVolumeClaim, { users }: ClaimContext): Step {
  const names = users().flatMap(({ metadata, spec }) => (spec.nodeName ? [] : metadata.name))
  if (names.length === 0) {
    const why = 'waiting for first consumer to be created before binding'
    return tell(claim, 'WaitForFirstConsumer', why)
  }
  const which = `pod${names.length > 1 ? 's' : ''} ${names.join(',')}`
  return tell(claim, 'WaitForPodScheduled', `waiting for ${which} to be scheduled`)
}

function provisioning(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass | undefined,
  nodeName: string | undefined,
): Step[] {
  const failed = (why: string) => tell(claim, 'ProvisioningFailed', why, 'Warning')
  if (storageClass === undefined) {
    const name = claim.spec.storageClassName
    return [failed(`storageclass.storage.k8s.io "${name}" not found`)]
  }
  const { provisioner } = storageClass
  if (provisioner === noProvisioner) {
    const why = failed(`no volume plugin matched name: ${noProvisioner}`)
    return nodeName === undefined ? [why] : [why, { type: 'ForgetNode', claim, nodeName }]
  }
  if (provisioner === localProvisioner && nodeName === undefined) {
    const mode = 'WaitForFirstConsumer'
    return [failed(`no node was specified: a class of ${provisioner} needs the mode ${mode}`)]
  }
  const shared = (claim.spec.accessModes ?? []).find((mode) => !ofOneNode.includes(mode))
  if (provisioner === localProvisioner && shared !== undefined) {
    return [failed(`a directory of one node cannot be used as ${shared}`)]
  }
  const isAsked = claim.metadata.annotations?.[storageAnnotations.provisioner] === provisioner
  return [
    ...(isAsked ? [] : [{ type: 'AskProvisioner', claim, provisioner } as const]),
    tell(claim, 'ExternalProvisioning', externally(provisioner)),
  ]
}

/** The access modes that a directory on one node supports. */
const ofOneNode = ['ReadWriteOnce', 'ReadWriteOncePod']

const externally = (provisioner: string): string =>
  `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`
