import { type FieldError, forbiddenField, invalidValue, required } from '../../field-error.ts'
import { immutable } from '../../field-rules.ts'
import { isDeepEqual } from '../../json/deep-equal.ts'
import { subdomainProblem } from '../../name-syntax.ts'
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../../object.ts'
import { compareQuantities } from '../../quantity.ts'
import { validateLabelSelector } from '../../selecting/selector-validation.ts'
import { compiled, refusalsOf } from '../../unserved/field-rules.ts'
import { validateAccessModes } from './access-modes.ts'

const yet = { why: '' }
const refused = compiled({
  '{dataSource,dataSourceRef,volumeAttributesClassName}': yet,
  volumeMode: { why: '', allowed: ['Filesystem'] },
})

/** What is wrong with a claim's spec, wherever it stands (upstream's `ValidatePersistentVolumeClaimSpec`). */
export function validateClaimSpec(
  spec: PersistentVolumeClaimSpec = {},
  field: string,
): FieldError[] {
  const { accessModes = [], resources, selector, storageClassName } = spec
  const at = `${field}.resources[storage]`
  const storage = resources?.requests?.storage
  const classProblem = storageClassName ? subdomainProblem(storageClassName) : ''
  return [
    ...(accessModes.length === 0
      ? [required(`${field}.accessModes`, 'at least 1 access mode is required')]
      : []),
    ...(selector ? validateLabelSelector(selector, `${field}.selector`) : []),
    ...validateAccessModes(accessModes, `${field}.accessModes`),
    ...(storage === undefined ? [required(at)] : []),
    ...(storage !== undefined && compareQuantities(storage, '0') <= 0
      ? [invalidValue(at, storage, 'must be greater than zero')]
      : []),
    ...(classProblem
      ? [invalidValue(`${field}.storageClassName`, storageClassName, classProblem)]
      : []),
    ...refusalsOf(refused, spec, field),
  ]
}

/** A claim's spec is immutable, except that it gets its volume once, and may ask for more storage after that. */
export function validateClaimUpdate(
  after: PersistentVolumeClaim,
  before: PersistentVolumeClaim,
): FieldError[] {
  const isBound = before.status?.phase === 'Bound'
  const fixed = ({
    volumeName,
    storageClassName,
    resources,
    ...rest
  }: PersistentVolumeClaimSpec) => ({
    ...rest,
    ...(before.spec.volumeName && { volumeName }),
    // A claim without a class may later get the default class.
    ...(before.spec.storageClassName !== undefined && { storageClassName }),
    ...(isBound ? { limits: resources?.limits } : { resources }),
  })
  const detail =
    'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
  const [now, then] = [storageOf(after), storageOf(before)]
  return [
    ...(isDeepEqual(fixed(after.spec), fixed(before.spec)) ? [] : [forbiddenField('spec', detail)]),
    ...(now !== undefined && then !== undefined && compareQuantities(now, then) < 0
      ? [
          forbiddenField(
            'spec.resources.requests.storage',
            'field can not be less than previous value',
          ),
        ]
      : []),
    ...immutable('volumeMode', after.spec.volumeMode, before.spec.volumeMode),
  ]
}

const storageOf = ({ spec }: PersistentVolumeClaim) => spec.resources?.requests?.storage
