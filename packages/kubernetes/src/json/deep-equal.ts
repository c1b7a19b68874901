import { isJsonObject } from './json-object.ts'

/** Whether two JSON values are the same; a field that is undefined counts as absent. */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && areEqualLists(a, b)
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  const fields = fieldsOf(a)
  return (
    fields.length === fieldsOf(b).length &&
    fields.every((field) => Object.hasOwn(b, field) && isDeepEqual(a[field], b[field]))
  )
}

const areEqualLists = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, index) => isDeepEqual(item, b[index]))

const fieldsOf = (object: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(object).filter((field) => object[field] !== undefined)
