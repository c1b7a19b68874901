import { isJsonObject } from '../json/json-object.ts'
import type { ObjectMeta } from '../object.ts'
import { type FieldSet, isEmpty, noFields } from './field-set.ts'

/** A manager of fields of an object, by applying or by updating them. */
export type FieldManager = {
  manager: string
  operation: 'Apply' | 'Update'
  /** The version that the field names belong to. */
  apiVersion: string
  subresource?: string
  /** When the manager's fields last changed. */
  time?: string
  fields: FieldSet
}

/** `metadata.managedFields`, one entry for each manager. */
export type ManagedFields = NonNullable<ObjectMeta['managedFields']>

/** A manager has one entry for what it applies, and one for each version in which it updates. */
export const isSameManager = (
  one: Omit<FieldManager, 'fields'>,
  other: Omit<FieldManager, 'fields'>,
): boolean =>
  one.manager === other.manager &&
  one.operation === other.operation &&
  one.subresource === other.subresource &&
  (one.operation === 'Apply' || one.apiVersion === other.apiVersion)

/** Parses an object's managers; invalid entries are ignored. */
export function managersIn(managedFields: ManagedFields = []): FieldManager[] {
  return managedFields.flatMap(({ manager = '', operation, apiVersion, fieldsV1, ...entry }) => {
    if ((operation !== 'Apply' && operation !== 'Update') || !apiVersion) return []
    const { subresource, time } = entry
    return {
      ...{ manager, operation, apiVersion, fields: isFieldSet(fieldsV1) ? fieldsV1 : noFields },
      ...(subresource && { subresource }),
      ...(time && { time }),
    }
  })
}

const isFieldSet = (value: unknown): value is FieldSet => {
  if (!isJsonObject(value)) return false
  for (const step in value) if (!isFieldSet(value[step])) return false
  return true
}

/** The entries of managers that still manage something, in upstream's order; absent where there are none. */
export function managedFieldsOf(managers: readonly FieldManager[]): ManagedFields | undefined {
  const entries = managers.filter(({ fields }) => !isEmpty(fields)).sort(inOrder)
  if (entries.length === 0) return undefined
  return entries.map(({ manager, operation, apiVersion, subresource, time, fields }) => ({
    ...{ manager, operation, apiVersion },
    ...(time && { time }),
    ...{ fieldsType: 'FieldsV1', fieldsV1: fields },
    ...(subresource && { subresource }),
  }))
}

function inOrder(one: FieldManager, other: FieldManager): number {
  for (const key of ['operation', 'time', 'manager', 'apiVersion', 'subresource'] as const) {
    const [a = '', b = ''] = [one[key], other[key]]
    if (a !== b) return a < b ? -1 : 1
  }
  return 0
}
