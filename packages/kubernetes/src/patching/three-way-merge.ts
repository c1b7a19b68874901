import { isDeepEqual } from '../json/deep-equal.ts'
import { isJsonObject, type JsonObject, setField } from '../json/json-object.ts'
import type { KubernetesObject } from '../object.ts'
import { parseApiVersion, type Resource } from '../resource.ts'
import type { Schema } from '../schemas/schema.ts'
import { schemaOf } from '../schemas/schemas.ts'
import { fieldSchemas, itemOf, joined, keyIn, mergeKeyOf, own } from './field-path.ts'
import { KeyedList } from './keyed-list.ts'

/** Three versions of a value: the common base, and what each side made of it. Absent is undefined. */
export type ThreeWay<T = unknown> = { base: T; ours: T; theirs: T }

/** A field that both sides changed differently: `spec.template.spec.containers[name=web].image`. */
export type MergeConflict = ThreeWay & { field: string }

/**
 * Merges two sides' versions of an object field by field, and lists with a merge key by item. Where both changed a
 * field, theirs wins, and the field is reported as a conflict.
 */
export function mergeThreeWay(
  resource: Resource,
  versions: ThreeWay<KubernetesObject>,
): { merged: unknown; conflicts: readonly MergeConflict[] } {
  const conflicts: MergeConflict[] = []
  const schema = schemaOf(parseApiVersion(versions.theirs.apiVersion), resource)
  return { merged: merged(versions, { field: '', schema, conflicts }), conflicts }
}

type Merging = { field: string; schema: Schema; conflicts: MergeConflict[] }

function merged(versions: ThreeWay, place: Merging): unknown {
  const { base, ours, theirs } = versions
  if (isDeepEqual(base, ours)) return theirs
  if (isDeepEqual(base, theirs) || isDeepEqual(ours, theirs)) return ours
  const maps = each(versions, mapOf)
  if (maps) {
    const fields = mergedMaps(maps, place)
    return theirs === undefined && Object.keys(fields).length === 0 ? undefined : fields
  }
  const key = mergeKeyOf(place.schema)
  const lists = each(versions, listOf)
  if (lists && key !== undefined) return mergedLists(lists, key, place)
  place.conflicts.push({ field: place.field, ...versions })
  return theirs
}

/** Converts each of the three versions. */
function each<T>(
  { base, ours, theirs }: ThreeWay,
  read: (value: unknown) => T | undefined,
): ThreeWay<T> | undefined {
  const [a, b, c] = [read(base), read(ours), read(theirs)]
  return a && b && c && { base: a, ours: b, theirs: c }
}

/** Absent counts as empty. */
const mapOf = (value: unknown = {}): JsonObject | undefined =>
  isJsonObject(value) ? value : undefined

const listOf = (value: unknown = []): readonly unknown[] | undefined =>
  Array.isArray(value) ? value : undefined

function mergedMaps(
  { base, ours, theirs }: ThreeWay<JsonObject>,
  { field, schema, conflicts }: Merging,
): JsonObject {
  const schemaIn = fieldSchemas(schema)
  const result: JsonObject = {}
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
    const value = merged(
      { base: own(base, name), ours: own(ours, name), theirs: own(theirs, name) },
      {
        field: joined(field, name),
        schema: schemaIn(name),
        conflicts,
      },
    )
    if (value !== undefined) setField(result, name, value)
  }
  return result
}

/** In their order, followed by items that only ours has. */
function mergedLists(
  { base, ours, theirs }: ThreeWay<readonly unknown[]>,
  key: string,
  { field, schema, conflicts }: Merging,
): unknown {
  const keyOf = keyIn(key)
  const [inBase, inOurs, inTheirs] = [base, ours, theirs].map((list) => new KeyedList(list, keyOf))
  const keys = new Set([...theirs, ...ours].map(keyOf))
  return [...keys].flatMap((value) => {
    const versions = {
      base: inBase?.get(value),
      ours: inOurs?.get(value),
      theirs: inTheirs?.get(value),
    }
    const item = merged(versions, {
      field: itemOf(field, key, value),
      schema: schema.items ?? {},
      conflicts,
    })
    return item === undefined ? [] : [item]
  })
}
