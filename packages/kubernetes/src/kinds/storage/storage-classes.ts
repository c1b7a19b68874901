import { type FieldError, forbiddenField, invalidValue, required } from '../../field-error.ts'
import { immutable, oneOf } from '../../field-rules.ts'
import { ageOf } from '../../human-duration.ts'
import { isDeepEqual } from '../../json/deep-equal.ts'
import { labelKeyProblem } from '../../label-syntax.ts'
import type { StorageClass } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { isDefaultClass } from '../../storage.ts'
import { compiled, refusalsOf } from '../../unserved/field-rules.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'

const refused = compiled({ '{allowedTopologies,mountOptions}': { why: '' } })

/** StorageClass: names, defaults, rules and columns. */
export const storageClasses: Resource<StorageClass> = {
  ...plainKind,
  group: 'storage.k8s.io',
  version: 'v1',
  servedVersions: [{ group: 'storage.k8s.io', version: 'v1' }],
  plural: 'storageclasses',
  singular: 'storageclass',
  kind: 'StorageClass',
  listKind: 'StorageClassList',
  namespaced: false,
  shortNames: ['sc'],
  setDefaults: (object) => {
    object.reclaimPolicy ??= 'Delete'
    object.volumeBindingMode ??= 'Immediate'
  },
  validate: (object) => [
    ...validateProvisioner(object.provisioner),
    ...oneOf('reclaimPolicy', object.reclaimPolicy, ['Delete', 'Retain']),
    ...oneOf('volumeBindingMode', object.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']),
    ...refusalsOf(refused, object, ''),
  ],
  validateUpdate: (after, before) => [
    ...(['parameters', 'provisioner', 'reclaimPolicy'] as const).flatMap((field) =>
      isDeepEqual(after[field], before[field])
        ? []
        : [forbiddenField(field, `updates to ${field} are forbidden.`)],
    ),
    ...immutable('volumeBindingMode', after.volumeBindingMode, before.volumeBindingMode),
  ],
  columns: [
    nameColumn,
    { name: 'Provisioner' },
    { name: 'ReclaimPolicy' },
    { name: 'VolumeBindingMode' },
    { name: 'AllowVolumeExpansion', type: 'boolean' },
    ageColumn,
  ],
  row: (object, now) => [
    isDefaultClass(object) ? `${object.metadata.name} (default)` : object.metadata.name,
    object.provisioner,
    object.reclaimPolicy ?? '',
    object.volumeBindingMode ?? '',
    object.allowVolumeExpansion ?? false,
    ageOf(object.metadata.creationTimestamp, now),
  ],
}

function validateProvisioner(provisioner: string | undefined): FieldError[] {
  if (!provisioner) return [required('provisioner')]
  const problem = labelKeyProblem(provisioner.toLowerCase())
  return problem ? [invalidValue('provisioner', provisioner, problem)] : []
}
