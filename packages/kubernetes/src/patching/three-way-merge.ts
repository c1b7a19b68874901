import { isDeepEqual } from '../json/deep-equal.ts'
import { isJsonObject, type JsonObject, setField } from '../json/json-object.ts'
import type { KubernetesObject } from '../object.ts'
import { parseApiVersion, type Resource } from '../resource.ts'
import type { Schema } from '../schemas/schema.ts'
import { schemaOf } from '../schemas/schemas.ts'
import { fieldSchemas, itemOf, joined, keyIn, mergeKeyOf, own } from './field-path.ts'
import { KeyedList } from './keyed-list.ts'

/** The same value three times: as both sides knew it, and what each made of it. Absent is undefined. */
export type ThreeWay<T = unknown> = { base: T; ours: T; theirs: T }

/** A field of which both sides made something, and not the same: `spec.template.spec.containers[name=web].image`. */
export type MergeConflict = ThreeWay & { field: string }

/**
 * Merges what two sides made of one object, field by field, and lists whose items have a merge key item by item. Where
 * both changed a field, theirs stays, and the field is told as a conflict.
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

/** The three versions as maps, or as lists, where each of them is one. */
function each<T>(
  { base, ours, theirs }: ThreeWay,
  read: (value: unknown) => T | undefined,
): ThreeWay<T> | undefined {
  const [a, b, c] = [read(base), read(ours), read(theirs)]
  return a && b && c && { base: a, ours: b, theirs: c }
}

/** What is absent counts as empty. */
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

/** In their order, with what only ours has at the end. */
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
