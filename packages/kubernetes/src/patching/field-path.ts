import { isJsonObject } from '../json/json-object.ts'
import type { Schema } from '../schemas/schema.ts'
import { resolved } from '../schemas/schemas.ts'

/** The field of a map: a name with dots or slashes, as labels have, is put in brackets. */
export function joined(field: string, name: string): string {
  if (!/^[\w-]+$/.test(name)) return `${field}[${name}]`
  return field === '' ? name : `${field}.${name}`
}

/** The item of a list that has this value of its merge key. */
export const itemOf = (field: string, key: string, value: unknown): string =>
  `${field}[${key}=${String(value)}]`

/** By which field the items of a list are told apart, if by one. */
export function mergeKeyOf(schema: Schema): string | undefined {
  const { 'x-kubernetes-list-map-keys': keys = [] } = schema
  return schema['x-kubernetes-patch-merge-key'] ?? (keys.length === 1 ? keys[0] : undefined)
}

export const own = <T>(map: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(map, name) ? map[name] : undefined

/** What an item of such a list is told apart by. */
export const keyIn =
  (key: string) =>
  (item: unknown): unknown =>
    isJsonObject(item) ? item[key] : undefined

/** The schema of each field of a map, by its name. */
export function fieldSchemas(schema: Schema): (name: string) => Schema {
  const { properties = {}, additionalProperties = {} } = resolved(schema)
  return (name) => own(properties, name) ?? additionalProperties
}
