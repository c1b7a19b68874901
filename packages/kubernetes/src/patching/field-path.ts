import { isJsonObject } from '../json/json-object.ts'
import type { Schema } from '../schemas/schema.ts'
import { resolved } from '../schemas/schemas.ts'

/** Appends a map's field; names with dots or slashes, such as labels, are put in brackets. */
export function joined(field: string, name: string): string {
  if (!/^[\w-]+$/.test(name)) return `${field}[${name}]`
  return field === '' ? name : `${field}.${name}`
}

/** Appends the list item with this merge key. */
export const itemOf = (field: string, key: string, value: unknown): string =>
  `${field}[${key}=${String(value)}]`

/** The merge key of a list, if it has one. */
export function mergeKeyOf(schema: Schema): string | undefined {
  const { 'x-kubernetes-list-map-keys': keys = [] } = schema
  return schema['x-kubernetes-patch-merge-key'] ?? (keys.length === 1 ? keys[0] : undefined)
}

export const own = <T>(map: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(map, name) ? map[name] : undefined

/** Reads an item's merge key. */
export const keyIn =
  (key: string) =>
  (item: unknown): unknown =>
    isJsonObject(item) ? item[key] : undefined

/** The schema of each field of a map, by its name. */
export function fieldSchemas(schema: Schema): (name: string) => Schema {
  const { properties = {}, additionalProperties = {} } = resolved(schema)
  return (name) => own(properties, name) ?? additionalProperties
}
