import type { NodePlugin } from '../framework.ts'

/** A claim with the access mode ReadWriteOncePod can be used by one pod at a time, on whichever node. */
export const volumeRestrictions: NodePlugin = {
  name: 'VolumeRestrictions',
  points: ['filter'],
  judges: 'node',
  helpedBy: ['ClaimsFreed', 'StorageChanged'],
  prepare({ claims }, { storage }) {
    const needs = storage.needsOf(claims)
    if (!needs.some((need) => need.type !== 'Obstacle' && need.isInUse)) return undefined
    const why =
      'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod'
    return { filter: () => why }
  },
}
