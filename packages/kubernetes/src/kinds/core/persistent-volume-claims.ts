import { ageOf } from '../../human-duration.ts'
import { isTerminating, type PersistentVolumeClaim, type Undefaulted } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { accessModesCell } from './access-modes.ts'
import { validateClaimSpec, validateClaimUpdate } from './persistent-volume-claim-validation.ts'

/** PersistentVolumeClaim: names, defaults, rules and columns. */
export const persistentVolumeClaims: Resource<PersistentVolumeClaim> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  kind: 'PersistentVolumeClaim',
  listKind: 'PersistentVolumeClaimList',
  namespaced: true,
  shortNames: ['pvc'],
  subresources: ['status'],
  setDefaults: ({ spec }: Undefaulted<PersistentVolumeClaim>) => {
    if (spec) spec.volumeMode ??= 'Filesystem'
  },
  validate: ({ spec }) => validateClaimSpec(spec, 'spec'),
  validateUpdate: validateClaimUpdate,
  columns: [
    nameColumn,
    { name: 'Status' },
    { name: 'Volume' },
    { name: 'Capacity' },
    { name: 'Access Modes' },
    { name: 'StorageClass' },
    { name: 'VolumeAttributesClass' },
    ageColumn,
    { name: 'VolumeMode', wide: true },
  ],
  row: (object, now) => {
    const { metadata, spec, status } = object
    const has = spec.volumeName ? status : undefined
    return [
      metadata.name,
      isTerminating(object) ? 'Terminating' : (status?.phase ?? ''),
      spec.volumeName ?? '',
      has?.capacity?.storage ?? '',
      accessModesCell(has?.accessModes),
      spec.storageClassName ?? '',
      '<unset>',
      ageOf(metadata.creationTimestamp, now),
      spec.volumeMode ?? '<unset>',
    ]
  },
}
