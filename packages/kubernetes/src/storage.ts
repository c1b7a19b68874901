import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from './object.ts'
import { objectKey } from './object-key.ts'

/** Who makes volumes for claims of our own class: the agent of the node that was chosen. */
export const localProvisioner = 'reckon.dev/local'
/** The class whose volumes nobody makes: they are there, or not. */
export const noProvisioner = 'kubernetes.io/no-provisioner'

/** Upstream's annotations of claims and volumes. */
export const storageAnnotations = {
  /** The volume and the claim know each other. */
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  /** Nobody asked for this very pair. */
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  /** Where the first pod that uses the claim is to run. */
  selectedNode: 'volume.kubernetes.io/selected-node',
  /** Whose turn it is to make a volume for the claim. */
  provisioner: 'volume.kubernetes.io/storage-provisioner',
  /** Ours: on which node a volume of our own provisioner lies. */
  madeOn: 'reckon.dev/node',
} as const

export const storageFinalizers = {
  claim: 'kubernetes.io/pvc-protection',
  volume: 'kubernetes.io/pv-protection',
  /** What a volume was made of is removed before its object goes. */
  provisioned: 'external-provisioner.volume.kubernetes.io/finalizer',
} as const

const isDefault = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
]

/** Whether claims that name no class get this one. */
export const isDefaultClass = ({ metadata }: StorageClass): boolean =>
  isDefault.some((annotation) => metadata.annotations?.[annotation] === 'true')

/** A claim that a pod's volumes name: `namespace/name`, and whether it lives with the pod. */
export type PodClaim = { readonly path: string; readonly isEphemeral?: true }

/** Each claim that a pod's volumes name, once; one that lives with the pod has its name from both. */
export function podClaims({ metadata, spec }: Pod): readonly PodClaim[] {
  const { namespace } = metadata
  const claims = new Map<string, PodClaim>()
  for (const { name: volume, persistentVolumeClaim, ephemeral } of spec.volumes ?? []) {
    if (!ephemeral && !persistentVolumeClaim) continue
    const own = ephemeral && ephemeralClaimName(metadata.name, volume)
    const path = objectKey({ namespace, name: own ?? persistentVolumeClaim?.claimName ?? '' })
    if (!claims.has(path)) claims.set(path, own ? { path, isEphemeral: true } : { path })
  }
  return [...claims.values()]
}

/** `namespace/name` of each claim that a pod's volumes name. */
export const claimsOf = (pod: Pod): readonly string[] => podClaims(pod).map(({ path }) => path)

/** Upstream's name of the claim that a pod has for itself. */
export const ephemeralClaimName = (pod: string, volume: string): string => `${pod}-${volume}`

/** Where the first pod that uses the claim is to run, once that is chosen. */
export const selectedNodeOf = ({ metadata }: PersistentVolumeClaim): string | undefined =>
  metadata.annotations?.[storageAnnotations.selectedNode] || undefined

/**
 * The claim without the node that was chosen for it, and what was asked for there; as it is once that is of no matter.
 */
export function withoutSelectedNode(
  claim: PersistentVolumeClaim,
  nodeName: string,
): PersistentVolumeClaim {
  if (selectedNodeOf(claim) !== nodeName || claim.spec.volumeName) return claim
  const { selectedNode, provisioner } = storageAnnotations
  const { annotations = {}, ...metadata } = claim.metadata
  const { [selectedNode]: _node, [provisioner]: _asked, ...left } = annotations
  return { ...claim, metadata: { ...metadata, annotations: left } }
}

/** Whether the volume is this very claim's. */
export const isBoundTo = (
  { spec: { claimRef } }: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): boolean =>
  claimRef?.uid === metadata.uid &&
  claimRef?.name === metadata.name &&
  claimRef?.namespace === metadata.namespace

/** Whether claim and volume are each other's for good. */
export const isBound = ({ metadata, spec }: PersistentVolumeClaim): boolean =>
  Boolean(spec.volumeName) && metadata.annotations?.[storageAnnotations.bindCompleted] !== undefined

/** The name of the volume that is made for a claim. */
export const provisionedName = (claimUid: string): string => `pvc-${claimUid}`

/** On which node a volume is to be made for the claim now, by our own provisioner; undefined of others. */
export function makingNodeOf(claim: PersistentVolumeClaim): string | undefined {
  const { annotations } = claim.metadata
  const isAsked = annotations?.[storageAnnotations.provisioner] === localProvisioner
  return isAsked && !claim.spec.volumeName ? selectedNodeOf(claim) : undefined
}

/** The node whose agent has made the volume, and is to remove it; undefined of others. */
export function madeOn({ metadata: { annotations } }: PersistentVolume): string | undefined {
  const isOurs = annotations?.[storageAnnotations.provisionedBy] === localProvisioner
  return isOurs ? annotations?.[storageAnnotations.madeOn] : undefined
}

/** Whether what a volume was made of is to be removed: nobody has it any more, and it is not to be kept. */
export const isToRemove = ({ metadata, spec, status }: PersistentVolume): boolean =>
  spec.persistentVolumeReclaimPolicy === 'Delete' &&
  (status?.phase === 'Released' ||
    (metadata.deletionTimestamp !== undefined && status?.phase !== 'Bound'))
