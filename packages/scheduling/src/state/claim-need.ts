import {
  bySize,
  isBound,
  isTerminating,
  labelSelectorOf,
  matchesLabels,
  mismatchOf,
  noProvisioner,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type PodClaim,
  type StorageClass,
  selectedNodeOf,
} from '@reckon/kubernetes'

/** The part of a volume that placements depend on. */
type VolumeTraits = Pick<PersistentVolume, 'spec'> & {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

/** How a claim affects the placement of its pod. */
export type ClaimNeed =
  /** No node fits as long as this is so. */
  | { readonly type: 'Obstacle'; readonly why: string }
  | { readonly type: 'Bound'; readonly volume: VolumeTraits; readonly isInUse: boolean }
  /** Bound once a node is chosen: to one of the volumes, the smallest first, or to one that is provisioned there. */
  | {
      readonly type: 'Delayed'
      /** How much storage the claim asks for. */
      readonly request: string
      readonly volumes: readonly VolumeTraits[]
      readonly isMade: boolean
      readonly selectedNode?: string
      readonly isInUse: boolean
    }

/** The claims, volumes and classes that exist. */
type Around = {
  readonly claims: ReadonlyMap<string, PersistentVolumeClaim>
  readonly volumes: ReadonlyMap<string, PersistentVolume>
  readonly classes: ReadonlyMap<string, StorageClass>
  usersOf(path: string): number
}

/** In upstream's words (the plugin VolumeBinding's `PreFilter`). */
export function needOf({ path, isEphemeral }: PodClaim, around: Around): ClaimNeed {
  const claim = around.claims.get(path)
  const name = path.slice(path.indexOf('/') + 1)
  if (claim === undefined) {
    return obstacle(
      isEphemeral
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
        : `persistentvolumeclaim "${name}" not found`,
    )
  }
  if (isTerminating(claim)) return obstacle(`persistentvolumeclaim "${name}" is being deleted`)
  // Only with this access mode does it matter whether another pod uses the claim.
  const isAlone = claim.spec.accessModes?.includes('ReadWriteOncePod') === true
  const isInUse = isAlone && around.usersOf(path) > 0
  if (isBound(claim)) {
    const { volumeName = '' } = claim.spec
    const volume = around.volumes.get(volumeName)
    if (volume !== undefined) return { type: 'Bound', volume: traitsOf(volume), isInUse }
    return obstacle(
      `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${volumeName}"`,
    )
  }
  const storageClass = around.classes.get(claim.spec.storageClassName ?? '')
  const waits = storageClass?.volumeBindingMode === 'WaitForFirstConsumer'
  if (storageClass === undefined || !waits || claim.spec.volumeName) {
    return obstacle('pod has unbound immediate PersistentVolumeClaims')
  }
  const selectedNode = selectedNodeOf(claim)
  return {
    type: 'Delayed',
    request: claim.spec.resources?.requests?.storage ?? '0',
    volumes: candidates(claim, around.volumes.values()),
    isMade: storageClass.provisioner !== noProvisioner,
    ...(selectedNode !== undefined && { selectedNode }),
    isInUse,
  }
}

const obstacle = (why: string): ClaimNeed => ({ type: 'Obstacle', why })

/** The volumes that a claim may be bound to somewhere, the smallest first. */
function candidates(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
): readonly VolumeTraits[] {
  const labels = labelSelectorOf(claim.spec.selector ?? {})
  const suiting: PersistentVolume[] = []
  for (const volume of volumes) {
    const isFree = volume.status?.phase === 'Available' && volume.spec.claimRef === undefined
    if (!isFree || isTerminating(volume) || mismatchOf(volume, claim) !== undefined) continue
    if (matchesLabels(labels, volume.metadata.labels)) suiting.push(volume)
  }
  return suiting.sort(bySize).map(traitsOf)
}

const traitsOf = ({ metadata: { name, labels = {} }, spec }: PersistentVolume): VolumeTraits => ({
  name,
  labels,
  spec: { ...(spec.nodeAffinity && { nodeAffinity: spec.nodeAffinity }) },
})
