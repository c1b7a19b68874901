import { type FieldError, forbiddenField } from '../../field-error.ts'
import { immutable, oneOf } from '../../field-rules.ts'
import { ageOf } from '../../human-duration.ts'
import type { PriorityClass } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { isSystemPriorityClass } from './system-priority-classes.ts'

/** The highest value that a user's class may have; above are the system's. */
const userValueMax = 1_000_000_000

/** PriorityClass: names, defaults, rules and columns. */
export const priorityClasses: Resource<PriorityClass> = {
  ...plainKind,
  group: 'scheduling.k8s.io',
  version: 'v1',
  servedVersions: [{ group: 'scheduling.k8s.io', version: 'v1' }],
  plural: 'priorityclasses',
  singular: 'priorityclass',
  kind: 'PriorityClass',
  listKind: 'PriorityClassList',
  namespaced: false,
  shortNames: ['pc'],
  setDefaults: (object) => {
    object.value ??= 0
    object.preemptionPolicy ??= 'PreemptLowerPriority'
  },
  validate: (object) => [
    ...validateStanding(object),
    ...oneOf('preemptionPolicy', object.preemptionPolicy, ['Never', 'PreemptLowerPriority']),
  ],
  validateUpdate: (after, before) => [
    ...(after.value === before.value
      ? []
      : [forbiddenField('value', 'may not be changed in an update.')]),
    ...immutable('preemptionPolicy', after.preemptionPolicy, before.preemptionPolicy),
  ],
  columns: [
    nameColumn,
    { name: 'Value', type: 'integer' },
    { name: 'Global-Default' },
    ageColumn,
    { name: 'PreemptionPolicy' },
  ],
  row: ({ metadata, value, globalDefault = false, preemptionPolicy = '' }, now) => [
    metadata.name,
    value,
    String(globalDefault),
    ageOf(metadata.creationTimestamp, now),
    preemptionPolicy,
  ],
}

/** Names and values of system classes are reserved (upstream's `ValidatePriorityClass`). */
function validateStanding(object: PriorityClass): FieldError[] {
  const { metadata, value } = object
  if (metadata.name.startsWith('system-')) {
    if (isSystemPriorityClass(object)) return []
    const detail = `priority class names with 'system-' prefix are reserved for system use only. error: ${metadata.name} is not a known system priority class`
    return [forbiddenField('metadata.name', detail)]
  }
  if (value <= userValueMax) return []
  const detail = `maximum allowed value of a user defined priority is ${userValueMax}`
  return [forbiddenField('value', detail)]
}
