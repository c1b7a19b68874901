import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from './object.ts'
import { objectKey } from './object-key.ts'

/** The provisioner of our own storage class: the agent of the chosen node. */
export const localProvisioner = 'reckon.dev/local'
/** The provisioner of classes whose volumes are created by hand. */
export const noProvisioner = 'kubernetes.io/no-provisioner'

/** Upstream's annotations of claims and volumes. */
export const storageAnnotations = {
  /** Set once volume and claim refer to each other. */
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  /** Set where the controller chose this pair. */
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  /** The node chosen for the first pod that uses the claim. */
  selectedNode: 'volume.kubernetes.io/selected-node',
  /** The provisioner that is to create a volume for the claim. */
  provisioner: 'volume.kubernetes.io/storage-provisioner',
  /** Ours: the node with a volume of our own provisioner. */
  madeOn: 'reckon.dev/node',
} as const

export const storageFinalizers = {
  claim: 'kubernetes.io/pvc-protection',
  volume: 'kubernetes.io/pv-protection',
  /** Keeps a provisioned volume's object until its storage is removed. */
  provisioned: 'external-provisioner.volume.kubernetes.io/finalizer',
} as const

const isDefault = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
]

/** Whether this is the class of claims that name none. */
export const isDefaultClass = ({ metadata }: StorageClass): boolean =>
  isDefault.some((annotation) => metadata.annotations?.[annotation] === 'true')

/** A claim that a pod uses: `namespace/name`, and whether it is deleted with the pod. */
export type PodClaim = { readonly path: string; readonly isEphemeral?: true }

/** The claims that a pod's volumes refer to, each once; the name of an ephemeral one is derived from pod and volume. */
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

/** `namespace/name` of each claim that a pod uses. */
export const claimsOf = (pod: Pod): readonly string[] => podClaims(pod).map(({ path }) => path)

/** Upstream's name for a pod's ephemeral claim. */
export const ephemeralClaimName = (pod: string, volume: string): string => `${pod}-${volume}`

/** The node chosen for the first pod that uses the claim, if any. */
export const selectedNodeOf = ({ metadata }: PersistentVolumeClaim): string | undefined =>
  metadata.annotations?.[storageAnnotations.selectedNode] || undefined

/**
 * The claim without the choice of this node and the request to its provisioner; unchanged where it has another node, or
 * a volume.
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

/** Whether the volume is bound to this claim, by uid. */
export const isBoundTo = (
  { spec: { claimRef } }: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): boolean =>
  claimRef?.uid === metadata.uid &&
  claimRef?.name === metadata.name &&
  claimRef?.namespace === metadata.namespace

/** Whether the binding of claim and volume is complete. */
export const isBound = ({ metadata, spec }: PersistentVolumeClaim): boolean =>
  Boolean(spec.volumeName) && metadata.annotations?.[storageAnnotations.bindCompleted] !== undefined

/** The name of the volume that is made for a claim. */
export const provisionedName = (claimUid: string): string => `pvc-${claimUid}`

/** The node on which our provisioner is to create a volume for the claim now; undefined for other claims. */
export function makingNodeOf(claim: PersistentVolumeClaim): string | undefined {
  const { annotations } = claim.metadata
  const isAsked = annotations?.[storageAnnotations.provisioner] === localProvisioner
  return isAsked && !claim.spec.volumeName ? selectedNodeOf(claim) : undefined
}

/** The node whose agent created the volume, and removes it; undefined for other volumes. */
export function madeOn({ metadata: { annotations } }: PersistentVolume): string | undefined {
  const isOurs = annotations?.[storageAnnotations.provisionedBy] === localProvisioner
  return isOurs ? annotations?.[storageAnnotations.madeOn] : undefined
}

/** Whether a volume's storage is to be removed: it is released, and its reclaim policy is Delete. */
export const isToRemove = ({ metadata, spec, status }: PersistentVolume): boolean =>
  spec.persistentVolumeReclaimPolicy === 'Delete' &&
  (status?.phase === 'Released' ||
    (metadata.deletionTimestamp !== undefined && status?.phase !== 'Bound'))
