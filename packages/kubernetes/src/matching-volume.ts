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
  /** The node on which the volume is to be used, where that is known. */
  node?: Node | undefined
  /** Only what was kept for the claim counts: where it is used is not known yet. */
  isDelayed?: boolean
}

/**
 * The volume that such a claim gets: one that was kept for it, or else the smallest that nobody has and that is as it
 * asks for (upstream's `FindMatchingVolume`).
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
    // One that goes is taken by nobody; whose it was before that, it stays.
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

/** The order in which volumes are taken: the smallest first, equal ones by name. */
export const bySize = (a: PersistentVolume, b: PersistentVolume): number =>
  compareQuantities(storageOf(a), storageOf(b)) || (a.metadata.name < b.metadata.name ? -1 : 1)

/** How much a volume holds. */
const storageOf = (volume: PersistentVolume): string => volume.spec.capacity?.storage ?? '0'

/** Whether somebody wrote the claim into the volume: one with that uid, or any of that name. */
export function isKeptFor(
  { spec: { claimRef } }: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): boolean {
  if (claimRef?.name !== metadata.name || claimRef?.namespace !== metadata.namespace) return false
  return !claimRef?.uid || claimRef.uid === metadata.uid
}

/** Why a volume is not what the claim asks for, in upstream's words; undefined where it is. */
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
