import type { NodePlugin } from '../framework.ts'

/** A claim of the mode ReadWriteOncePod is one pod's at a time, wherever that is. */
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
