import { isDeepEqual } from '../json/deep-equal.ts'
import type { KubernetesObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { schemaOf } from '../schemas/schemas.ts'
import { type Comparison, compareFields } from './compare-fields.ts'
import {
  type FieldManager,
  isSameManager,
  type ManagedFields,
  managedFieldsOf,
  managersIn,
} from './field-managers.ts'
import { difference, type FieldSet, isEmpty, noFields, union } from './field-set.ts'
import { managed, written } from './managed-part.ts'

/** Who changes an object, and when. */
export type Updater = { manager: string; time: string; subresource?: string }

/**
 * The managers after an update: the changed fields belong to its author and to nobody else (structured-merge-diff,
 * `Update`).
 */
export function managedAfterUpdate(
  resource: Resource,
  before: KubernetesObject | undefined,
  after: KubernetesObject,
  by: Updater,
): ManagedFields | undefined {
  const schema = schemaOf(resource, resource)
  const changes = writtenChanges(
    compareFields(schema, before ?? {}, after),
    resource,
    by.subresource,
  )
  const changed = union(changes.added, changes.modified)
  const managers = managersIn(before?.metadata.managedFields)
  const { manager, time, subresource } = by
  const entry = {
    ...{ manager, operation: 'Update' as const, apiVersion: after.apiVersion, time },
    ...(subresource && { subresource }),
  }
  const own = managers.find((each) => isSameManager(each, entry))
  const others = managers.filter((each) => each !== own)
  const fields = managed(union(difference(own?.fields ?? noFields, changes.removed), changed))
  const isSame = own !== undefined && isEmpty(managed(changed)) && isDeepEqual(fields, own.fields)
  const lost = union(changed, changes.removed)
  return managedFieldsOf(
    capped([...others.map((other) => without(other, lost)), isSame ? own : { ...entry, fields }]),
  )
}

const updatersMax = 10

/** Beyond ten updating managers, the oldest are merged into one. */
function capped(managers: readonly FieldManager[]): readonly FieldManager[] {
  const updaters = managers.filter(
    ({ operation, fields }) => operation === 'Update' && !isEmpty(fields),
  )
  if (updaters.length <= updatersMax) return managers
  const [first, second] = updaters.toSorted((a, b) => ((a.time ?? '') < (b.time ?? '') ? -1 : 1))
  if (first === undefined || second === undefined) return managers
  const { subresource: _, ...ancient } = second
  const fields = union(first.fields, second.fields)
  const rest = managers.filter((each) => each !== first && each !== second)
  return [...rest, { ...ancient, manager: 'ancient-changes', fields }]
}

/** The manager without some fields. */
export const without = (manager: FieldManager, lost: FieldSet): FieldManager =>
  isEmpty(lost) ? manager : { ...manager, fields: difference(manager.fields, lost) }

/** The differences between two states that a request may have caused. */
export const writtenChanges = (
  { added, removed, modified }: Comparison,
  resource: Pick<Resource, 'subresources'>,
  subresource: string | undefined,
): Comparison => ({
  added: written(added, resource, subresource),
  removed: written(removed, resource, subresource),
  modified: written(modified, resource, subresource),
})
