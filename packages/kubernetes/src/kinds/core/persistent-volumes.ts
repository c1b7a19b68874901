import { ageOf } from '../../human-duration.ts'
import type { PersistentVolume, Undefaulted } from '../../object.ts'
import { isTerminating } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { accessModesCell } from './access-modes.ts'
import {
  validatePersistentVolume,
  validatePersistentVolumeUpdate,
} from './persistent-volume-validation.ts'

/** PersistentVolume: names, defaults, rules and columns. */
export const persistentVolumes: Resource<PersistentVolume> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'persistentvolumes',
  singular: 'persistentvolume',
  kind: 'PersistentVolume',
  listKind: 'PersistentVolumeList',
  namespaced: false,
  shortNames: ['pv'],
  subresources: ['status'],
  setDefaults: ({ spec }: Undefaulted<PersistentVolume>) => {
    if (spec === undefined) return
    spec.persistentVolumeReclaimPolicy ??= 'Retain'
    spec.volumeMode ??= 'Filesystem'
    if (spec.hostPath) spec.hostPath.type ??= ''
  },
  validate: validatePersistentVolume,
  validateUpdate: validatePersistentVolumeUpdate,
  columns: [
    nameColumn,
    { name: 'Capacity' },
    { name: 'Access Modes' },
    { name: 'Reclaim Policy' },
    { name: 'Status' },
    { name: 'Claim' },
    { name: 'StorageClass' },
    { name: 'VolumeAttributesClass' },
    { name: 'Reason' },
    ageColumn,
    { name: 'VolumeMode', wide: true },
  ],
  row: (object, now) => {
    const { metadata, spec, status } = object
    const { claimRef } = spec
    return [
      metadata.name,
      spec.capacity?.storage ?? '',
      accessModesCell(spec.accessModes),
      spec.persistentVolumeReclaimPolicy ?? '',
      isTerminating(object) ? 'Terminating' : (status?.phase ?? ''),
      claimRef ? `${claimRef.namespace}/${claimRef.name}` : '',
      spec.storageClassName ?? '',
      '<unset>',
      status?.reason ?? '',
      ageOf(metadata.creationTimestamp, now),
      spec.volumeMode ?? '<unset>',
    ]
  },
}
