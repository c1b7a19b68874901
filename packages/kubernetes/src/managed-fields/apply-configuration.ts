import { isObject } from '../is-object.ts'
import { isDeepEqual } from '../json/deep-equal.ts'
import type { KubernetesObject } from '../object.ts'
import { apiVersionOf, type GroupVersion, type Resource } from '../resource.ts'
import type { Schema } from '../schemas/schema.ts'
import { schemaOf } from '../schemas/schemas.ts'
import { applyConflict } from './apply-conflict.ts'
import { compareFields } from './compare-fields.ts'
import { type FieldManager, isSameManager, managedFieldsOf, managersIn } from './field-managers.ts'
import { difference, type FieldSet, intersection, isEmpty, union } from './field-set.ts'
import { fieldsOf } from './fields-of.ts'
import { lastAppliedFields, withLastApplied } from './last-applied.ts'
import { without, writtenChanges } from './manage-update.ts'
import { managed, written } from './managed-part.ts'
import { mergedFields } from './merge-fields.ts'
import { withNamedFields, withoutFields } from './remove-fields.ts'

/** An application: what is applied, by whom, when, and whether it may take fields from other managers. */
export type Application = {
  groupVersion: GroupVersion
  /** The fields that the manager sets, and no others. */
  configuration: KubernetesObject
  manager: string
  time: string
  force?: boolean
  subresource?: string
}

/**
 * Applies a configuration to an object, both in the version of the application (structured-merge-diff, `Apply`): fields
 * that the manager applied before and now omits are removed, unless others manage them. Refused as Conflict where it
 * changes what others manage.
 */
export function applyConfiguration(
  resource: Resource,
  live: KubernetesObject,
  { groupVersion, configuration, manager, time, force = false, subresource }: Application,
): KubernetesObject {
  const schema = schemaOf(groupVersion, resource)
  const managers = managersIn(live.metadata.managedFields)
  const before = withoutManagers(live)
  const entry = {
    ...{ manager, operation: 'Apply' as const, apiVersion: apiVersionOf(groupVersion), time },
    ...(subresource && { subresource }),
  }
  const last = managers.find((each) => isSameManager(each, entry))
  const others = managers.filter((each) => each !== last)
  const fields = written(fieldsOf(schema, configuration), resource, subresource)
  const owned = [...others.map((other) => other.fields), fields].reduce(union)
  const merged = mergedFields(schema, before, configuration)
  const after = last ? pruned(schema, merged, { last: last.fields, owned }) : merged
  if (!isObject(after)) throw new Error(`apply leaves no object of ${live.metadata.name}`)
  const changes = writtenChanges(compareFields(schema, before, after), resource, subresource)
  const changed = union(changes.added, changes.modified)
  if (!force)
    refuseConflicts(others, manager === kubectl ? notItsOwn(schema, before, changed) : changed)
  const lost = union(changed, changes.removed)
  const own = { ...entry, fields: managed(fields) }
  const isSame = last && isEmpty(managed(lost)) && isSameEntry(last, own)
  const now = [...others.map((other) => without(other, lost)), isSame ? last : own]
  const annotated = manager === kubectl ? withLastApplied(after, configuration) : after
  return withManagers(annotated, now)
}

/** kubectl's default name as a field manager. */
const kubectl = 'kubectl'

const notItsOwn = (schema: Schema, live: KubernetesObject, changed: FieldSet): FieldSet =>
  difference(changed, lastAppliedFields(schema, live))

function refuseConflicts(others: readonly FieldManager[], changed: FieldSet): void {
  const inConflict = others
    .map((other) => ({ ...other, fields: intersection(other.fields, changed) }))
    .filter((other) => !isEmpty(other.fields))
  if (inConflict.length > 0) throw applyConflict(inConflict)
}

const isSameEntry = (last: FieldManager, own: FieldManager): boolean =>
  last.apiVersion === own.apiVersion && isDeepEqual(last.fields, own.fields)

/** The object that a configuration creates. */
export function appliedFirst(resource: Resource, application: Application): KubernetesObject {
  const { configuration } = application
  const { apiVersion, kind, metadata } = configuration
  const { name, namespace } = metadata
  const nothing = { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } }
  return applyConfiguration(resource, nothing, application)
}

type Pruning = { last: FieldSet; owned: FieldSet }

/**
 * Removes what was applied last and has no owner any more; a field with parts stays as long as one of them has an
 * owner.
 */
function pruned(schema: Schema, merged: unknown, { last, owned }: Pruning): unknown {
  const named = (fields: FieldSet) => withNamedFields(schema, fields)
  const namedIn = (value: unknown) => named(fieldsOf(schema, value))
  const all = namedIn(merged)
  const without = (fields: FieldSet) => withoutFields(schema, merged, fields)
  const kept = union(namedIn(without(named(last))), named(owned))
  const withOwned = without(difference(all, kept))
  return without(intersection(difference(all, namedIn(withOwned)), named(last)))
}

function withoutManagers({ metadata, ...object }: KubernetesObject): KubernetesObject {
  const { managedFields: _, ...rest } = metadata
  return { ...object, metadata: rest }
}

function withManagers(
  object: KubernetesObject,
  managers: readonly FieldManager[],
): KubernetesObject {
  const managedFields = managedFieldsOf(managers)
  return { ...object, metadata: { ...object.metadata, ...(managedFields && { managedFields }) } }
}
