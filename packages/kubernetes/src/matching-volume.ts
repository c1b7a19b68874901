import {
  isTerminating,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
} from './object.ts'
import { compareQuantities } from './quantity.ts'
import { labelSelectorOf, matchesLabels } from './selecting/label-selectors.ts'
import { nodeTermTest } from './selecting/node-selection.ts'
import { isBoundTo } from './storage.ts'

type MatchOptions = {
  /** The node where the volume will be used, if known. */
  node?: Node | undefined
  /** Only volumes reserved for the claim qualify, because the node is not known yet. */
  isDelayed?: boolean
}

/**
 * The volume for a claim: one that was reserved for it, else the smallest free one that matches (upstream's
 * `FindMatchingVolume`).
 */
export function matchingVolume(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  { node, isDelayed = false }: MatchOptions = {},
): PersistentVolume | undefined {
  let smallest: PersistentVolume | undefined
  for (const volume of volumes) {
    const isKept = isKeptFor(volume, claim)
    if (!isKept && (isDelayed || volume.spec.claimRef || volume.status?.phase !== 'Available')) {
      continue
    }
    // A volume that is being deleted is not taken; it stays with the claim it was bound to.
    if (isTerminating(volume) && !isBoundTo(volume, claim)) continue
    if (mismatchOf(volume, claim) !== undefined) continue
    if (node !== undefined && !isReachedFrom(volume, node)) continue
    if (isKept) return volume
    if (!matchesLabels(selectorOf(claim), volume.metadata.labels)) continue
    if (smallest === undefined || bySize(volume, smallest) < 0) smallest = volume
  }
  return smallest
}

const selectorOf = ({ spec: { selector } }: PersistentVolumeClaim) =>
  labelSelectorOf(selector ?? {})

/** The order of preference: smallest first, then by name. */
export const bySize = (a: PersistentVolume, b: PersistentVolume): number =>
  compareQuantities(storageOf(a), storageOf(b)) || (a.metadata.name < b.metadata.name ? -1 : 1)

/** The capacity of a volume. */
const storageOf = (volume: PersistentVolume): string => volume.spec.capacity?.storage ?? '0'

/** Whether the volume is reserved for this claim, by uid, or by name alone. */
export function isKeptFor(
  { spec: { claimRef } }: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): boolean {
  if (claimRef?.name !== metadata.name || claimRef?.namespace !== metadata.namespace) return false
  return !claimRef?.uid || claimRef.uid === metadata.uid
}

/** Why a volume does not match the claim, in upstream's words; undefined where it does. */
export function mismatchOf(
  volume: PersistentVolume,
  { spec }: PersistentVolumeClaim,
): string | undefined {
  const requested = spec.resources?.requests?.storage ?? '0'
  if (compareQuantities(storageOf(volume), requested) < 0) return 'requested PV is too small'
  if ((volume.spec.storageClassName ?? '') !== (spec.storageClassName ?? '')) {
    return 'storageClassName does not match'
  }
  if ((volume.spec.volumeMode ?? 'Filesystem') !== (spec.volumeMode ?? 'Filesystem')) {
    return 'incompatible volumeMode'
  }
  const has = volume.spec.accessModes ?? []
  return (spec.accessModes ?? []).every((mode) => has.includes(mode))
    ? undefined
    : 'incompatible accessMode'
}

/** Whether a volume can be used on a node. */
export function isReachedFrom({ spec }: Pick<PersistentVolume, 'spec'>, node: Node): boolean {
  const required = spec.nodeAffinity?.required
  return !required || required.nodeSelectorTerms.some((term) => nodeTermTest(term)(node))
}
