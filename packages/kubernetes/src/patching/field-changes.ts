import { isDeepEqual } from '../json/deep-equal.ts'
import { isJsonObject } from '../json/json-object.ts'
import type { KubernetesObject } from '../object.ts'
import { parseApiVersion, type Resource } from '../resource.ts'
import type { Schema } from '../schemas/schema.ts'
import { schemaOf } from '../schemas/schemas.ts'
import { fieldSchemas, itemOf, joined, keyIn, mergeKeyOf, own } from './field-path.ts'
import { KeyedList } from './keyed-list.ts'

/** One field that differs: `spec.template.spec.containers[name=web].image`; absent is undefined. */
export type FieldChange = { field: string; from: unknown; to: unknown }

/**
 * How a map or list is reported that only one version has: as a whole, or field by field as if the other were empty.
 */
type Absent = 'Whole' | 'Empty'

/**
 * The differences between two versions of an object, down to single fields; lists with a merge key are compared by
 * item.
 */
export function fieldChanges(
  resource: Resource,
  from: KubernetesObject | undefined,
  to: KubernetesObject | undefined,
  absent: Absent = 'Whole',
): readonly FieldChange[] {
  const { apiVersion = '' } = to ?? from ?? {}
  const schema = schemaOf(parseApiVersion(apiVersion), resource)
  return [...changesIn({ field: '', from, to }, schema, absent)]
}

function* changesIn(
  { field, ...versions }: FieldChange,
  schema: Schema,
  absent: Absent,
): Iterable<FieldChange> {
  if (isDeepEqual(versions.from, versions.to)) return
  const { from, to } = absent === 'Empty' ? besides(versions) : versions
  if (isJsonObject(from) && isJsonObject(to)) {
    const schemaIn = fieldSchemas(schema)
    for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
      const child = { field: joined(field, name), from: own(from, name), to: own(to, name) }
      yield* changesIn(child, schemaIn(name), absent)
    }
    return
  }
  const key = mergeKeyOf(schema)
  if (!Array.isArray(from) || !Array.isArray(to) || key === undefined) {
    return yield { field, ...versions }
  }
  const keyOf = keyIn(key)
  const [before, after] = [new KeyedList(from, keyOf), new KeyedList(to, keyOf)]
  for (const value of new Set([...from, ...to].map(keyOf))) {
    const item = { from: before.get(value), to: after.get(value) }
    yield* changesIn({ field: itemOf(field, key, value), ...item }, schema.items ?? {}, absent)
  }
}

type Versions = Pick<FieldChange, 'from' | 'to'>

/** An absent value counts as empty beside a non-empty map or list. */
const besides = ({ from, to }: Versions): Versions => ({
  from: from ?? emptyAs(to),
  to: to ?? emptyAs(from),
})

function emptyAs(other: unknown): unknown {
  if (Array.isArray(other)) return other.length > 0 ? [] : undefined
  return isJsonObject(other) && Object.keys(other).length > 0 ? {} : undefined
}
